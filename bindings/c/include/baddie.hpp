/*
 * The Baddie engine in C++17: baddie.h with owners that free, errors that are thrown, and callbacks that may throw.
 */
#ifndef BADDIE_HPP
#define BADDIE_HPP

#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "baddie.h"

namespace baddie {

/* What went wrong; `what()` is the JSON of baddie_last_error. */
class Error : public std::runtime_error {
  public:
    Error(baddie_status status, const std::string &told) : std::runtime_error(told), status_(status) {}
    baddie_status status() const noexcept { return status_; }

  private:
    baddie_status status_;
};

/* Throws unless the call went well. */
inline void check(baddie_status status) {
    if (status == BADDIE_STATUS_OK) return;
    std::string told(baddie_last_error(nullptr, 0), '\0');
    baddie_last_error(told.data(), told.size());
    told.pop_back();
    throw Error(status, told);
}

/* Copies a text and gives it back. */
inline std::string take(baddie_text *owned) {
    size_t length = 0;
    const char *bytes = baddie_text_borrow(owned, &length);
    std::string copy(bytes, length);
    baddie_text_free(owned);
    return copy;
}

/* A callback behind a C function: what it throws is kept here while C is on the stack, and thrown after. */
template <typename Function> struct Callback {
    Function function;
    std::exception_ptr thrown = nullptr;

    template <typename Argument> static int32_t hear(void *context, Argument argument) noexcept {
        auto *self = static_cast<Callback *>(context);
        try {
            return self->function(argument) ? 0 : 1;
        } catch (...) {
            self->thrown = std::current_exception();
            return 1;
        }
    }
    /* Throws what the callback threw, or what the call answered; whoever asked to stop gets what there is. */
    void check(baddie_status status) const {
        if (thrown) std::rethrow_exception(thrown);
        if (status != BADDIE_STATUS_STOPPED) baddie::check(status);
    }
};

/* A shop, seen by somebody. */
class Shop {
  public:
    explicit Shop(baddie_shop *owned) : shop_(owned, baddie_shop_free) {}

    std::string call(const std::string &operation, std::string_view request, const char *key = nullptr) const {
        baddie_text *response = nullptr;
        check(key ? baddie_call_once(shop_.get(), operation.c_str(), key, request.data(), request.size(), &response)
                  : baddie_call(shop_.get(), operation.c_str(), request.data(), request.size(), &response));
        return take(response);
    }
    /* Tells `hear(const char *event)` what happened after an event; it returns false to stop. */
    template <typename Function> size_t events(const char *after, Function function) const {
        Callback<Function> callback{std::move(function)};
        size_t told = 0;
        baddie_status status =
            baddie_events(shop_.get(), after, Callback<Function>::template hear<const char *>, &callback, &told);
        callback.check(status);
        return told;
    }

  private:
    std::unique_ptr<baddie_shop, baddie_status (*)(baddie_shop *)> shop_;
};

/* An engine on a store. */
class Engine {
  public:
    explicit Engine(std::string_view config) : engine_(open(config), baddie_engine_close) {}

    /* The shop, and the JSON with its owner's token. */
    std::pair<Shop, std::string> found(std::string_view founding) const {
        baddie_shop *shop = nullptr;
        baddie_text *told = nullptr;
        check(baddie_shop_found(engine_.get(), founding.data(), founding.size(), &shop, &told));
        return {Shop(shop), take(told)};
    }
    /* `hear(uint64_t done)` returns false to stop hearing. */
    template <typename Function> std::string verify(Function function) const {
        Callback<Function> callback{std::move(function)};
        baddie_text *verdict = nullptr;
        baddie_status status =
            baddie_engine_verify(engine_.get(), Callback<Function>::template hear<uint64_t>, &callback, &verdict);
        callback.check(status);
        return verdict ? take(verdict) : std::string();
    }

  private:
    static baddie_engine *open(std::string_view config) {
        baddie_engine *engine = nullptr;
        check(baddie_open(config.data(), config.size(), &engine));
        return engine;
    }
    std::unique_ptr<baddie_engine, baddie_status (*)(baddie_engine *)> engine_;
};

} // namespace baddie

#endif
