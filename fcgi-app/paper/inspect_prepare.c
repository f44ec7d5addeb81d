/* What libraries load at first use (fonts' configuration, tables, types) they load here, outside
 * the cage, by judging two files of our own. */
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "paper/inspect.h"

enum { SIDE = 1000 };

static const char small_pdf[] = "%PDF-1.4\n"
                                "1 0 obj\n"
                                "<< /Type /Catalog /Pages 2 0 R >>\n"
                                "endobj\n"
                                "2 0 obj\n"
                                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
                                "endobj\n"
                                "3 0 obj\n"
                                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 "
                                "0 R /Resources << /Font << /F1 5 0 R >> >> >>\n"
                                "endobj\n"
                                "4 0 obj\n"
                                "<< /Length 37 >>\n"
                                "stream\n"
                                "BT /F1 20 Tf 20 100 Td (ready) Tj ET\n"
                                "\n"
                                "endstream\n"
                                "endobj\n"
                                "5 0 obj\n"
                                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\n"
                                "endobj\n"
                                "xref\n"
                                "0 6\n"
                                "0000000000 65535 f \n"
                                "0000000009 00000 n \n"
                                "0000000058 00000 n \n"
                                "0000000115 00000 n \n"
                                "0000000241 00000 n \n"
                                "0000000328 00000 n \n"
                                "trailer\n"
                                "<< /Root 1 0 R /Size 6 >>\n"
                                "startxref\n"
                                "398\n"
                                "%%EOF\n";

static void
judge_a_picture(void)
{
    unsigned char *grey = calloc(SIDE, SIDE), *jpeg = NULL;
    unsigned long size = 0;
    struct scan_result result;
    tjhandle h = tjInitCompress();

    if (grey != NULL && h != NULL) {
        memset(grey + SIDE * SIDE / 2, 0xFF, SIDE * SIDE / 2);
        if (tjCompress2(h, grey, SIDE, 0, SIDE, TJPF_GRAY, &jpeg, &size, TJSAMP_GRAY, 80, 0) == 0) {
            inspect(SCAN_DOCUMENT, jpeg, size, &result);
            inspect(SCAN_ID_CARD, jpeg, size, &result);
        }
    }
    tjFree(jpeg);
    if (h != NULL)
        tjDestroy(h);
    free(grey);
}

void
inspect_prepare(void)
{
    struct scan_result result;

    judge_a_picture();
    inspect(SCAN_DOCUMENT, small_pdf, sizeof(small_pdf) - 1, &result);
}
