/* Command lines as words, as a shell would read them, without expansions. */
#ifndef NUBE_CORE_WORDS_H
#define NUBE_CORE_WORDS_H

/*
 * Blanks separate, '...' is literal, in "..." a \ escapes " and \, outside quotes anything. argv
 * has room for max words and a NULL; the words lie in `words`, which has room for all of text.
 * Gives their number; -1: a quote is not closed, -2: too many.
 */
int nube_words_split(const char **argv, int max, char *words, const char *text);

#endif
