/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Words of a Dockerfile's line: flags, quotes and variables.
 */

char **bo_dockerfile_split_flags (const char *line, const char **rest);
char *bo_dockerfile_quote_flag (const char *flag);
GPtrArray *bo_dockerfile_split_words (const char *line, char escape);
char *bo_dockerfile_find_heredoc (const char *word, gboolean *chomp);

/* Gives a variable's value (transfer none), or NULL when it is not set. */
typedef const char *(*BoDockerfileLookup) (const char *name, gpointer user_data);

char *bo_dockerfile_expand_word (const char *word,
                                 char escape,
                                 BoDockerfileLookup lookup,
                                 gpointer user_data,
                                 const char **reason);

G_END_DECLS
