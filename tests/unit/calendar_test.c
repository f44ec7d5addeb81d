/* Working time, and the numbers made of days. */
#include "domain/calendar.h"

#include "base/text.h"
#include "domain/bankno.h"
#include "domain/figures.h"
#include "domain/order_no.h"
#include "domain_op.h"
#include "tap.h"

enum { MINUTE = 60, HOUR = 3600 };

/* National Day of 2026 as a test table: off 1 to 7 October, make-up days on two weekends. */
static struct calendar_day exceptions[16];
static struct calendar october = {.days = exceptions}, plain;

static int64_t
day(const char *s)
{
    int64_t days = -1;

    if (!text_date(s, &days))
        ok(false, "%s is a date", s);
    return days;
}

/* An instant of China time, "2026-11-23 10:00". */
static int64_t
at(const char *s)
{
    char date[11];

    memcpy(date, s, 10);
    date[10] = '\0';
    return calendar_day_start(day(date)) + ((s[11] - '0') * 10 + (s[12] - '0')) * HOUR +
           ((s[14] - '0') * 10 + (s[15] - '0')) * MINUTE;
}

static void
except(const char *date, bool working)
{
    exceptions[october.n++] = (struct calendar_day){day(date), working};
}

static void
make_october(void)
{
    except("2026-09-27", true);
    for (int i = 1; i <= 7; i++) {
        char date[] = "2026-10-0?";

        date[9] = (char)('0' + i);
        except(date, false);
    }
    except("2026-10-10", true);
}

static void
check_days(void)
{
    ok(calendar_day_of(at("2026-11-23 00:00")) == day("2026-11-23") &&
            calendar_day_of(at("2026-11-23 00:00") - 1) == day("2026-11-22") &&
            calendar_day_of(-8 * HOUR - 1) == -1,
        "a day begins at midnight in China");
    ok(calendar_yyyymmdd(day("2026-11-23")) == 20261123 && calendar_yyyymmdd(0) == 19700101 &&
            calendar_yyyymmdd(day("1900-03-01")) == 19000301,
        "days have their date");
    ok(calendar_add_years(day("2026-11-23"), 1) == day("2027-11-23") &&
            calendar_add_years(day("2028-02-29"), 1) == day("2029-03-01") &&
            calendar_add_years(day("2028-02-29"), 4) == day("2032-02-29"),
        "and anniversaries");
    for (int64_t d = day("1999-12-25"); d < day("2001-01-05"); d++) {
        int64_t n = calendar_yyyymmdd(d);
        char s[16];

        snprintf(
            s, sizeof(s), "%04d-%02d-%02d", (int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100));
        if (day(s) != d)
            ok(false, "%s is not day %lld", s, (long long)d);
    }
}

static void
check_open(void)
{
    ok(calendar_is_working_day(&plain, day("2026-11-23")) &&
            calendar_is_working_day(&plain, day("2026-11-27")) &&
            !calendar_is_working_day(&plain, day("2026-11-28")) &&
            !calendar_is_working_day(&plain, day("2026-11-29")) &&
            !calendar_is_working_day(&plain, -4 - 7 * 52),
        "weekends are free");
    ok(calendar_is_working_day(&plain, day("2026-10-01")) &&
            !calendar_is_working_day(&october, day("2026-10-01")) &&
            !calendar_is_working_day(&october, day("2026-10-07")) &&
            calendar_is_working_day(&october, day("2026-10-08")) &&
            calendar_is_working_day(&october, day("2026-10-10")) &&
            calendar_is_working_day(&october, day("2026-09-27")) &&
            !calendar_is_working_day(&october, day("2026-10-11")),
        "the table knows holidays and make-up days");
}

static void
check_between(void)
{
    static const struct {
        const char *from, *to;
        int minutes;
    } rows[] = {{"2026-11-23 09:00", "2026-11-23 17:30", 510},
        {"2026-11-23 00:00", "2026-11-24 00:00", 510}, {"2026-11-23 10:00", "2026-11-23 10:30", 30},
        {"2026-11-23 17:00", "2026-11-24 09:30", 60}, {"2026-11-27 17:00", "2026-11-30 09:30", 60},
        {"2026-11-28 10:00", "2026-11-29 16:00", 0}, {"2026-11-23 18:00", "2026-11-24 08:59", 0},
        {"2026-09-30 17:00", "2026-10-08 09:30", 60},
        {"2026-10-09 09:00", "2026-10-12 09:00", 1020}, {"2026-11-24 10:00", "2026-11-23 10:00", 0},
        {"2026-11-23 10:00", "2026-11-23 10:00", 0},
        {"2026-11-23 08:00", "2026-12-07 08:00", 5100}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(calendar_working_seconds(&october, at(rows[i].from), at(rows[i].to)) ==
                rows[i].minutes * MINUTE,
            "%d working minutes from %s to %s", rows[i].minutes, rows[i].from, rows[i].to);
}

static void
check_add(void)
{
    static const struct {
        const char *from;
        int days;
        const char *due;
    } rows[] = {{"2026-11-23 10:00", 1, "2026-11-24 10:00"},
        {"2026-11-23 10:00", 3, "2026-11-26 10:00"}, {"2026-11-26 10:00", 3, "2026-12-01 10:00"},
        {"2026-11-23 07:00", 1, "2026-11-23 17:30"}, {"2026-11-23 20:00", 1, "2026-11-24 17:30"},
        {"2026-11-28 12:00", 3, "2026-12-02 17:30"}, {"2026-09-30 15:00", 3, "2026-10-10 15:00"},
        {"2026-11-23 17:30", 1, "2026-11-24 17:30"}, {"2026-11-23 09:00", 2, "2026-11-24 17:30"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        ok(calendar_add_seconds(&october, at(rows[i].from), rows[i].days * CALENDAR_DAY_SECONDS) ==
                at(rows[i].due),
            "%d days from %s end at %s", rows[i].days, rows[i].from, rows[i].due);
    ok(calendar_add_seconds(&plain, at("2026-11-23 17:00"), HOUR) == at("2026-11-24 09:30") &&
            calendar_add_seconds(&plain, at("2026-11-28 12:00"), 0) == at("2026-11-28 12:00"),
        "hours run over the night");
}

/* From 09:00 to 17:30. */
static bool
is_open(int64_t when)
{
    int64_t into = when - calendar_day_start(calendar_day_of(when));

    return calendar_is_working_day(&october, calendar_day_of(when)) && into >= CALENDAR_OPENS &&
           into < CALENDAR_CLOSES;
}

/* Adding what lies between two instants leads to the second, if that is in working time. */
static void
check_there_and_back(void)
{
    int64_t from = at("2026-09-25 03:17"), wrong = 0;

    for (int i = 0; i < 2000; i++) {
        int64_t to = from + (int64_t)i * 811;
        int64_t between = calendar_working_seconds(&october, from, to);

        if (is_open(to) && between > 0)
            wrong += calendar_add_seconds(&october, from, between) != to;
        wrong += between + calendar_working_seconds(&october, to, to + 100000) !=
                 calendar_working_seconds(&october, from, to + 100000);
    }
    ok(wrong == 0, "working time adds up");
}

static void
check_order_numbers(struct op *op)
{
    const char *no = NULL, *trade = NULL, *refund = NULL, *bank = NULL;
    int wrong = 0;

    ok(order_no_make(op, day("2026-11-22"), 17, &no) == OK && strlen(no) == ORDER_NO_LENGTH &&
            strncmp(no, "2026112200000017", 16) == 0 && bankno_luhn(no),
        "%s is an order's number", no);
    for (int i = 0; i < ORDER_NO_LENGTH; i++)
        for (char c = '0'; c <= '9'; c++) {
            char *s = arena_strndup(op->arena, no, strlen(no));

            if (s[i] == c)
                continue;
            s[i] = c;
            wrong += bankno_luhn(s);
        }
    ok(wrong == 0, "every wrong digit is caught");
    ok(order_no_make(op, 0, 0, &trade) == E_INTERNAL &&
            order_no_make(op, 0, 100000000, &trade) == E_INTERNAL,
        "a day has 99 999 999 orders");
    ok(out_trade_no_make(op, no, 3, &trade) == OK && strlen(trade) == 19 &&
            strcmp(trade + 17, "03") == 0,
        "attempts are counted");
    ok(out_refund_no_make(op, trade, 1, &refund) == OK && strcmp(refund + 19, "R01") == 0,
        "and refunds");
    ok(bank_reference_make(op, BANK_TRANSFER, no, 99, &bank) == OK &&
            strlen(bank) == BANK_REFERENCE_MAX && *bank == 'V' && strcmp(bank + 18, "99") == 0,
        "and bank verifications, in 20 characters");
    ok(bank_refund_no_make(op, no, 7, &bank) == OK && strlen(bank) == BANK_REFERENCE_MAX &&
            strcmp(bank + 17, "R07") == 0,
        "and refunds by transfer, in as many");
    ok(out_trade_no_make(op, no, 0, &trade) == E_TOO_MANY &&
            bank_reference_make(op, BANK_BY_HAND, no, 100, &bank) == E_TOO_MANY &&
            strlen(bank) == 20,
        "up to 99");
}

/* What decisions took, against two and three working days. */
static void
check_figures(void)
{
    const int64_t working_day = CALENDAR_DAY_SECONDS;
    int64_t one[] = {600}, many[100];
    int64_t edges[] = {3 * working_day + 1, 2 * working_day, 3 * working_day, 2 * working_day + 1};
    struct figures_times t = figures_times(one, 0);

    ok(t.count == 0 && t.median_minutes == 0 && t.late == 0, "nothing decided, nothing counted");
    t = figures_times(one, 1);
    ok(t.count == 1 && t.median_minutes == 10 && t.p90_minutes == 10, "one is all of them");
    t = figures_times(edges, 4);
    ok(t.within_alarm == 1 && t.within_promise == 2 && t.late == 1,
        "just two and just three days are kept");
    ok(!figures_late(3 * working_day) && figures_late(3 * working_day + 1),
        "a second more breaks the promise");
    for (int64_t i = 0; i < 100; i++)
        many[i] = (100 - i) * 60;
    t = figures_times(many, 100);
    ok(t.median_minutes == 50 && t.p90_minutes == 90, "half and nine tenths, by nearest rank");
}

int
main(void)
{
    struct op op = domain_op();

    make_october();
    check_days();
    check_open();
    check_between();
    check_add();
    check_there_and_back();
    check_figures();
    check_order_numbers(&op);
    arena_free(op.arena);
    return done();
}
