/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What the engine answered: status and headers from a HEAD message, and its
 * words when it says no.
 */

/**
 * BoAnswerHead:
 * @status: HTTP status, or 0 when the head cannot be read
 * @content_type: (nullable): without parameters, in lower case
 */
typedef struct
{
  guint status;
  char *content_type;
} BoAnswerHead;

void bo_answer_head_clear (BoAnswerHead *head);
void bo_answer_head_parse (BoAnswerHead *head, const char *bytes, gsize length);
char *bo_answer_get_message (const char *body, gsize length);

G_END_DECLS
