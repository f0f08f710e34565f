// What happens in a shop, told to a lambda; and what becomes of a lambda that throws.
#include <iostream>
#include <stdexcept>
#include <string>

#include "baddie.hpp"

int main() {
    baddie::Engine engine(R"({"database":"memory:"})");
    auto founded = engine.found(
        R"({"name":"Corner shop","email":"owner@example.com","currency":"GBP","time_zone":"UTC"})");
    const baddie::Shop &shop = founded.first;
    shop.call("items.create", R"({"title":"Clock","sku":"CLOCK","condition":"good",
        "price":{"minor":900,"currency":"GBP"},"unit_cost":{"minor":100,"currency":"GBP"}})");
    shop.call("orders.place", R"({"lines":[{"sku":"CLOCK","qty":1}],"paid":true})", "receipt-1");

    size_t heard = shop.events(nullptr, [](const char *event) {
        std::cout << event << "\n";
        return true;
    });
    bool thrown = false;
    try {
        shop.events(nullptr, [](const char *) -> bool { throw std::runtime_error("I dropped it"); });
    } catch (const std::runtime_error &error) {
        thrown = std::string(error.what()) == "I dropped it";
    }
    bool refused = false;
    try {
        shop.call("orders.place", R"({"lines":[{"sku":"CLOCK","qty":1}]})");
    } catch (const baddie::Error &error) {
        refused = error.status() == BADDIE_STATUS_CONFLICT;
    }
    std::cout << engine.verify([](uint64_t) { return true; }) << "\n";
    return heard > 0 && thrown && refused ? 0 : 1;
}
