/* Command lines as words. */
#include "words.h"

#include <string.h>

static int escapes(const char *p, char quote)
{
    return *p == '\\' && p[1] && (quote ? quote == '"' && (p[1] == '"' || p[1] == '\\') : 1);
}

/* One word, written to out; gives the rest of the text, NULL when a quote is not closed. */
static const char *word(char *out, const char *p)
{
    char quote = '\0';

    for (; *p && (quote || (*p != ' ' && *p != '\t')); p++) {
        if (escapes(p, quote))
            *out++ = *++p;
        else if (quote ? *p == quote : (*p == '\'' || *p == '"'))
            quote = quote ? '\0' : *p;
        else
            *out++ = *p;
    }
    *out = '\0';
    return quote ? NULL : p;
}

int nube_words_split(const char **argv, int max, char *words, const char *text)
{
    int n = 0;

    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        if (n == max)
            return -2;
        text = word(words, text);
        if (!text)
            return -1;
        argv[n++] = words;
        words += strlen(words) + 1;
    }
    argv[n] = NULL;
    return n;
}
