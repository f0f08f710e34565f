/*
 * The Baddie engine in C.
 *
 * Ownership stands in the names: what a parameter `..._owned` gives belongs to the caller, who gives it back with the
 * `_free` of its type; what `..._borrow` gives belongs to the handle. Every other pointer is only used during the call.
 * Handles may be used by any number of threads. A handle that was freed, or is of another kind, is an error and never a
 * crash. After a fork, the child opens an engine of its own; the parent's handles answer BADDIE_STATUS_FORKED in it.
 *
 * Made by cbindgen from bindings/c/src: do not edit.
 */

#ifndef BADDIE_H
#define BADDIE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// An engine on a store. Close it with `baddie_engine_close`.
typedef struct baddie_engine baddie_engine;
// A shop, seen by somebody. Free it with `baddie_shop_free`.
typedef struct baddie_shop baddie_shop;
// A text that the engine answered; the caller owns it. Give it back with `baddie_text_free`.
typedef struct baddie_text baddie_text;
// A walk through the pages of a list. Free it with `baddie_pages_free`.
typedef struct baddie_pages baddie_pages;

// What a call answers. The numbers never change; `baddie_last_error` says more.
typedef enum {
  // Done.
  BADDIE_STATUS_OK = 0,
  // The request is malformed: a field is missing, unreadable or out of range.
  BADDIE_STATUS_INVALID = 1,
  // The token is unknown or no longer valid.
  BADDIE_STATUS_UNAUTHENTICATED = 2,
  // The actor may not do this.
  BADDIE_STATUS_FORBIDDEN = 3,
  // The thing named does not exist.
  BADDIE_STATUS_NOT_FOUND = 4,
  // The present state does not allow this: stock is gone, somebody was faster.
  BADDIE_STATUS_CONFLICT = 5,
  // A rule of the business refuses it.
  BADDIE_STATUS_REFUSED = 6,
  // Too many requests; try again later.
  BADDIE_STATUS_TOO_MANY = 7,
  // Something the engine depends on does not answer; try again later.
  BADDIE_STATUS_UNAVAILABLE = 8,
  // A defect or a damaged store.
  BADDIE_STATUS_INTERNAL = 9,
  // A handle was freed before, is of another kind, or never was one.
  BADDIE_STATUS_BAD_HANDLE = 10,
  // A pointer is null, a text is not UTF-8, or a size is impossible.
  BADDIE_STATUS_BAD_ARGUMENT = 11,
  // The handle was opened before a fork: open the engine anew in the child.
  BADDIE_STATUS_FORKED = 12,
  // There are no more pages.
  BADDIE_STATUS_DONE = 13,
  // A callback asked to stop.
  BADDIE_STATUS_STOPPED = 14,
} baddie_status;

// Hears how far a long work is, and returns 0 to go on or anything else to stop hearing of it. It runs on the calling
// thread and may call any function of this header. It must return: no exception and no longjmp may leave it.
typedef int32_t (*baddie_progress)(void *context, uint64_t done);

// Hears one event, as JSON with a zero byte at its end, and returns 0 to go on or anything else to stop. The text is
// borrowed: it is there until the callback returns. The callback runs on the calling thread and may call any function of
// this header, even free the shop. It must return: no exception and no longjmp may leave it.
typedef int32_t (*baddie_hear)(void *context, const char *event);

// How to forecast.
typedef struct {
  // What a step is: `'D'` a day, `'W'` a week, `'M'` a month, `'Q'` a quarter.
  uint8_t frequency;
  // Fixes what is drawn by lot: the same input and seed give the same answer.
  uint64_t seed;
  // How many threads may work, 0 for all processors; the answer does not depend on it.
  size_t threads;
} baddie_options;

// Sales of one series at one price over one step.
typedef struct {
  // Which series, from zero on.
  size_t series;
  // Series of one group are thought to answer alike.
  size_t group;
  // Series of one market stand side by side: the buyer knows their prices on a step.
  size_t market;
  // When, in steps.
  int64_t step;
  // How many were sold.
  double units;
  // At which price.
  double price;
} baddie_sale;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Copies what went wrong last on the calling thread, as JSON with `kind`, `code`, `message`, `field` and
// `retry_after_ms`, and a zero byte. Empty when the last call succeeded.
//
// Returns how many bytes it needs, with the zero byte; copies as many as fit. `buffer` may be null when `capacity` is 0.
//
// # Safety
//
// `buffer` leads to `capacity` bytes that may be written.
size_t baddie_last_error(char *buffer,
                         size_t capacity);

// Opens an engine with settings in JSON or TOML, such as `{"database":"sqlite://shop.db"}`; makes the store when it is
// not there. The engine may be used by any number of threads at once.
//
// # Safety
//
// `config` leads to `length` bytes, `engine` to a pointer that may be written.
baddie_status baddie_open(const char *config,
                          size_t length,
                          baddie_engine **engine);

// Closes an engine. Its shops go on until they are freed too.
baddie_status baddie_engine_close(baddie_engine *engine);

// Does what waits at channels, payment providers, carriers and models: call it in a loop, as often as news should
// travel. The answer counts jobs `taken`, `done`, to be tried `again` and `given_up`.
//
// # Safety
//
// `report_owned` leads to a pointer that may be written.
baddie_status baddie_engine_tick(const baddie_engine *engine, baddie_text **report_owned);

// Checks every invariant of every shop. The verdict counts `checks` and `violations`, with `details`. `progress` may be
// null; when it asks to stop, the answer is `BADDIE_STATUS_STOPPED`.
//
// # Safety
//
// `verdict_owned` leads to a pointer that may be written; `context` is whatever `progress` takes.
baddie_status baddie_engine_verify(const baddie_engine *engine,
                                   baddie_progress progress,
                                   void *context,
                                   baddie_text **verdict_owned);

// Copies a database to a new file while work goes on; an existing file is never replaced.
//
// # Safety
//
// `path` ends with a zero byte.
baddie_status baddie_engine_backup(const baddie_engine *engine, const char *path);

// Tells the callback what happened after the event `after`, oldest first; from the beginning when `after` is null.
// `told`, which may be null, gets the number of events that were heard. When the callback asks to stop, the answer is
// `BADDIE_STATUS_STOPPED`; ask again after the last event that was heard.
//
// # Safety
//
// `after` is null or ends with a zero byte, `told` is null or may be written, `context` is whatever `hear` takes.
baddie_status baddie_events(const baddie_shop *shop,
                            const char *after,
                            baddie_hear hear,
                            void *context,
                            size_t *told);

// Forecasts every series step by step. `means`, which may be null, gets `count * horizon` values; `quantiles` gets
// `count * horizon * level_count`, the levels of a step side by side. Levels lie between 0.01 and 0.99; beyond, the
// nearest is told.
//
// # Safety
//
// Every array is as long as said above and used by nobody else during the call.
baddie_status baddie_forecast(const double *y,
                              const size_t *lengths,
                              size_t count,
                              baddie_options options,
                              size_t horizon,
                              const double *levels,
                              size_t level_count,
                              double *means,
                              double *quantiles);

// Forecasts the sum of demand over the next `lead_time` steps. `means`, which may be null, gets `count` values,
// `quantiles` gets `count * level_count`.
//
// # Safety
//
// Every array is as long as said above and used by nobody else during the call.
baddie_status baddie_lead_time_demand(const double *y,
                                      const size_t *lengths,
                                      size_t count,
                                      baddie_options options,
                                      size_t lead_time,
                                      const double *levels,
                                      size_t level_count,
                                      double *means,
                                      double *quantiles);

// The probability that demand over the next `lead_time` steps is more than what lies in stock; `stocks` has a value for
// each series, and `probabilities` gets one.
//
// # Safety
//
// Every array is as long as said above and used by nobody else during the call.
baddie_status baddie_stockout(const double *y,
                              const size_t *lengths,
                              size_t count,
                              baddie_options options,
                              size_t lead_time,
                              const double *stocks,
                              double *probabilities);

// Learns how demand answers to prices. `elasticities` and `errors` get a value for each of `series_count` series; both
// are not-a-number where a series sold nothing, of which nothing can be said.
//
// # Safety
//
// Every array is as long as said above and used by nobody else during the call.
baddie_status baddie_elasticity(const baddie_sale *sales,
                                size_t count,
                                size_t series_count,
                                uint64_t seed,
                                double *elasticities,
                                double *errors);

// Begins a walk through the pages of a list operation such as `orders.list`; nothing is asked yet.
//
// # Safety
//
// `operation` ends with a zero byte, `request` leads to `length` bytes, `pages` to a pointer that may be written.
baddie_status baddie_pages_open(const baddie_shop *shop,
                                const char *operation,
                                const char *request,
                                size_t length,
                                baddie_pages **pages);

// Asks for the next page: JSON with `items` and `next_cursor`. Answers `BADDIE_STATUS_DONE` after the last.
//
// # Safety
//
// `page_owned` leads to a pointer that may be written.
baddie_status baddie_pages_next(const baddie_pages *pages, baddie_text **page_owned);

// Gives a walk back.
baddie_status baddie_pages_free(baddie_pages *pages);

// Founds a shop: `founding` is JSON with `name`, `email`, `currency` and `time_zone`. The shop is seen by its owner,
// whose token, shown this once, stands in `founded_owned` as `token`, beside `shop_id`.
//
// # Safety
//
// `founding` leads to `length` bytes; `shop` and `founded_owned` lead to pointers that may be written.
baddie_status baddie_shop_found(const baddie_engine *engine,
                                const char *founding,
                                size_t length,
                                baddie_shop **shop,
                                baddie_text **founded_owned);

// Opens the shop to which a token belongs, seen by the token's owner.
//
// # Safety
//
// `token` ends with a zero byte; `shop` leads to a pointer that may be written.
baddie_status baddie_shop_enter(const baddie_engine *engine, const char *token, baddie_shop **shop);

// Opens a shop as the program that embeds the engine, which may do everything. `shop_id` may be null where the store
// holds one shop.
//
// # Safety
//
// `shop_id` is null or ends with a zero byte; `shop` leads to a pointer that may be written.
baddie_status baddie_shop_open(const baddie_engine *engine, const char *shop_id, baddie_shop **shop);

// Gives a shop back.
baddie_status baddie_shop_free(baddie_shop *shop);

// Calls an operation by its name, such as `orders.place`, with a request in JSON; the answer is JSON too.
//
// # Safety
//
// `operation` ends with a zero byte, `request` leads to `length` bytes, `response_owned` to a pointer that may be
// written.
baddie_status baddie_call(const baddie_shop *shop,
                          const char *operation,
                          const char *request,
                          size_t length,
                          baddie_text **response_owned);

// Calls an operation under an idempotency key: however often it is called, it has one effect and one answer.
//
// # Safety
//
// As `baddie_call`; `key` ends with a zero byte.
baddie_status baddie_call_once(const baddie_shop *shop,
                               const char *operation,
                               const char *key,
                               const char *request,
                               size_t length,
                               baddie_text **response_owned);

// The table of operations, as a JSON list: `name`, `summary`, `permission`, `writes`, and the JSON schemas of `request`
// and `answer`.
//
// # Safety
//
// `table_owned` leads to a pointer that may be written.
baddie_status baddie_operations(baddie_text **table_owned);

// The bytes of a text, in UTF-8 and with a zero byte behind them; `length`, which may be null, gets their number
// without it. Borrowed: they are there until the text is freed. Null when `text` is no text.
//
// # Safety
//
// `length` is null or may be written.
const char *baddie_text_borrow(const baddie_text *text, size_t *length);

// Gives a text back.
baddie_status baddie_text_free(baddie_text *text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BADDIE_H */
