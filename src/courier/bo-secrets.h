/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-play-script.h"

/*
 * Values that go out in requests and must never get into the journal.
 */

#define BO_SECRET_VALUE_MIN 4
#define BO_SECRET_VALUE_MAX (16u * 1024)
/* A value escaped as in JSON, at six bytes for one. */
#define BO_SECRET_PATTERN_MAX (6 * BO_SECRET_VALUE_MAX)

typedef struct
{
  char *name;
  char *value;    /* escaped, as it goes into a body */
  size_t length;
} BoSecret;

/* A way in which a value may come back: as it is, or as one of several encoders of JSON escapes it. */
typedef struct
{
  char *text;
  char *mask; /* of the same length: what stands in the journal instead */
  size_t length;
} BoSecretPattern;

typedef struct
{
  BoSecret *secrets;
  size_t n_secrets, secrets_room;
  BoSecretPattern *patterns;
  size_t n_patterns, patterns_room;
  bool first[256]; /* bytes with which a pattern begins */
} BoSecrets;

typedef const char *(*BoSecretLookup) (const char *name);

bool bo_secrets_load (BoSecrets *secrets,
                      const BoSpanList *names,
                      BoSecretLookup lookup,
                      char *error,
                      size_t error_size);
void bo_secrets_clear (BoSecrets *secrets);

bool bo_secrets_expand (const BoSecrets *secrets, BoSpan literal, char **bytes, size_t *length);

/* Hides the values in a stream; what may be the begin of one is held back. */
typedef struct
{
  const BoSecrets *secrets;
  char *bytes;
  size_t held, room;
} BoRedactor;

void bo_redactor_init (BoRedactor *redactor, const BoSecrets *secrets);
void bo_redactor_clear (BoRedactor *redactor);
const char *bo_redactor_feed (BoRedactor *redactor, const char *data, size_t length, bool last, size_t *out_length);
void bo_redactor_taken (BoRedactor *redactor, size_t out_length);
