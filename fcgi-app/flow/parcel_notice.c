#include "flow/parcel_notice.h"

#include "store/notice.h"

static const char *
phrase(enum reason_code why)
{
    switch (why) {
    case REASON_PARCEL_RETURNED:
        return phrase_text(PHRASE_PARCEL_RETURNED, LANG_ZH);
    case REASON_PARCEL_REFUSED:
        return phrase_text(PHRASE_PARCEL_REFUSED, LANG_ZH);
    case REASON_PARCEL_LOST:
        return phrase_text(PHRASE_PARCEL_LOST, LANG_ZH);
    case REASON_PARCEL_DAMAGED:
        return phrase_text(PHRASE_PARCEL_DAMAGED, LANG_ZH);
    case REASON_PARCEL_NOT_RECEIVED:
        return phrase_text(PHRASE_PARCEL_NOT_RECEIVED, LANG_ZH);
    default:
        return phrase_text(PHRASE_PARCEL_PROBLEM, LANG_ZH);
    }
}

enum err
parcel_trouble(struct op *op, struct order *o, enum order_move_id move, enum reason_code why)
{
    TRY(order_step(op, o, move,
        arena_printf(op->arena, "{\"reason\":\"%s\",\"shown\":\"%s\"}", reason_code(why),
            reason_text(why, LANG_ZH))));
    return notice_add(op, &SAY(N23, o->id, "no", o->order_no, "reason", phrase(why)));
}
