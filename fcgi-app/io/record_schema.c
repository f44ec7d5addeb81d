/* JSON Schema of record tables, for OpenAPI. */
#include "io/record.h"

static json_t *
nullable(json_t *schema)
{
    const char *type = json_string_value(json_object_get(schema, "type"));
    json_t *names = json_object_get(schema, "enum");

    if (type != NULL)
        json_object_set_new(schema, "type", json_pack("[ss]", type, "null"));
    if (names != NULL)
        json_array_append_new(names, json_null());
    return schema;
}

static json_t *
schema_field(const struct field *f, bool reply)
{
    bool text = f->type == F_STR, number = f->type == F_INT;
    json_t *s = json_object(), *names;

    switch (f->type) {
    case F_STR:
    case F_TIME:
        json_object_set_new(s, "type", json_string("string"));
        break;
    case F_INT:
        json_object_set_new(s, "type", json_string("integer"));
        break;
    case F_BOOL:
        json_object_set_new(s, "type", json_string("boolean"));
        break;
    case F_ENUM:
        json_object_set_new(s, "type", json_string("string"));
        json_object_set_new(s, "enum", names = json_array());
        for (const char *const *n = f->of; *n != NULL; n++)
            if (**n != '\0')
                json_array_append_new(names, json_string(*n));
        break;
    case F_OBJ:
    case F_REF:
        json_decref(s);
        s = record_schema(f->of, reply);
        break;
    case F_LIST:
    case F_STRS:
        json_object_set_new(s, "type", json_string("array"));
        json_object_set_new(s, "items",
            f->type == F_LIST ? record_schema(f->of, reply) : json_pack("{ss}", "type", "string"));
        if (!reply)
            json_object_set_new(s, "maxItems", json_integer(f->max));
        break;
    case F_RAW:
        json_decref(s);
        s = f->of == NULL ? json_object() : record_schema(f->of, reply);
        if (f->max > 0)
            s = json_pack("{ss so}", "type", "array", "items", s);
        break;
    case F_END:
        break;
    }
    if (f->type == F_TIME)
        json_object_set_new(s, "format", json_string("date-time"));
    if (f->format != NULL)
        json_object_set_new(s, *f->format == '^' ? "pattern" : "format", json_string(f->format));
    if (!reply && (text || number)) {
        json_object_set_new(s, text ? "minLength" : "minimum", json_integer(f->min));
        json_object_set_new(s, text ? "maxLength" : "maximum", json_integer(f->max));
    }
    if (f->label != NULL)
        json_object_set_new(s, "title", json_string(f->label));
    return f->flags & F_OPT ? nullable(s) : s;
}

json_t *
record_schema(const struct field *f, bool reply)
{
    json_t *props = json_object(), *required = json_array();
    json_t *s = json_pack("{ss so}", "type", "object", "properties", props);

    for (; f->type != F_END; f++) {
        if (reply || !(f->flags & F_OPT))
            json_array_append_new(required, json_string(f->name));
        json_object_set_new(props, f->name, schema_field(f, reply));
    }
    json_object_set_new(s, "required", required);
    json_object_set_new(s, "additionalProperties", json_false());
    return s;
}
