#include "paper/codes.h"

#include <string.h>
#include <zbar.h>

#include "base/text.h"

static void
drop_scanner(zbar_image_scanner_t **s)
{
    zbar_image_scanner_destroy(*s);
}

static void
drop_image(zbar_image_t **i)
{
    zbar_image_destroy(*i);
}

static void
add(struct scan_result *out, const char *text, size_t n)
{
    if (out->codes == SCAN_CODES || n == 0 || n > SCAN_CODE_MAX || !text_is_utf8(text, n))
        return;
    for (int i = 0; i < out->codes; i++)
        if (strlen(out->code[i]) == n && memcmp(out->code[i], text, n) == 0)
            return;
    memcpy(out->code[out->codes], text, n);
    out->code[out->codes++][n] = '\0';
}

void
codes_find(const unsigned char *grey, int width, int height, struct scan_result *out)
{
    __attribute__((cleanup(drop_scanner))) zbar_image_scanner_t *scanner =
        zbar_image_scanner_create();
    __attribute__((cleanup(drop_image))) zbar_image_t *image = zbar_image_create();
    const zbar_symbol_t *symbol;

    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    /* Every second line: the squares that mark a code are many lines high in any legible scan. */
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, 2);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, 2);
    /* The bytes as they are: guessing at character sets would load modules, which the cage bars. */
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, (unsigned)width, (unsigned)height);
    zbar_image_set_data(image, grey, (unsigned long)width * (unsigned long)height, NULL);
    if (zbar_scan_image(scanner, image) <= 0)
        return;
    for (symbol = zbar_image_first_symbol(image); symbol != NULL; symbol = zbar_symbol_next(symbol))
        add(out, zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol));
}
