/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-memory.h"

#define MARK "${bakeoff-secret:"

typedef enum
{
  ESCAPE_PLAIN,  /* as we send it */
  ESCAPE_GO,     /* as an engine's encoder does: what is special in HTML and JavaScript too */
  ESCAPE_GO_1_22 /* the same since Go 1.22: \b and \f have their short forms */
} Escape;

/* The bytes of the UTF-8 character at @p, or 0 when it is none (RFC 3629). */
static size_t
measure_utf8 (const char *p)
{
  unsigned char c = (unsigned char) p[0];
  size_t length = c < 0x80                ? 1
                  : c >= 0xc2 && c < 0xe0 ? 2
                  : c >= 0xe0 && c < 0xf0 ? 3
                  : c >= 0xf0 && c < 0xf5 ? 4
                                          : 0;
  unsigned char second = length > 1 ? (unsigned char) p[1] : 0;

  for (size_t i = 1; i < length; i++)
    {
      if (((unsigned char) p[i] & 0xc0) != 0x80)
        return 0;
    }
  if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90)
      || (c == 0xf4 && second > 0x8f))
    return 0;
  return length;
}

/* The letter behind a backslash that stands for @c, or 0. */
static char
get_short_form (unsigned char c, Escape how)
{
  switch (c)
    {
    case '"':
    case '\\':
      return (char) c;
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\b':
      return how == ESCAPE_GO_1_22 ? 'b' : 0;
    case '\f':
      return how == ESCAPE_GO_1_22 ? 'f' : 0;
    default:
      return 0;
    }
}

static bool
is_utf8 (const char *value)
{
  for (size_t length = 1; *value != '\0'; value += length)
    {
      length = measure_utf8 (value);
      if (length == 0)
        return false;
    }
  return true;
}

/* @value, which is UTF-8, escaped as in a JSON string, at most six bytes for one. */
static char *
escape (const char *value, Escape how)
{
  char *text = bo_memory_new (strlen (value) * 6 + 1);
  char *p = text;

  for (size_t length = 1; *value != '\0'; value += length)
    {
      unsigned char c = (unsigned char) *value;
      char letter = get_short_form (c, how);

      length = measure_utf8 (value);
      if (letter != 0)
        {
          *p++ = '\\';
          *p++ = letter;
        }
      else if (c < ' ' || (how != ESCAPE_PLAIN && (c == '<' || c == '>' || c == '&')))
        p += sprintf (p, "\\u%04x", c);
      else if (how != ESCAPE_PLAIN && length == 3 && memcmp (value, "\xe2\x80", 2) == 0
               && (value[2] == '\xa8' || value[2] == '\xa9'))
        p += sprintf (p, "\\u202%c", value[2] == '\xa8' ? '8' : '9');
      else
        {
          memcpy (p, value, length);
          p += length;
        }
    }
  return text;
}

/* Takes @text. The mask is as long as what it hides, so that framed answers (logs) can still be taken apart.
 */
static void
add_pattern (BoSecrets *secrets, const char *name, char *text)
{
  BoSecretPattern *pattern = NULL;
  char *label = NULL;
  size_t length = strlen (text);

  for (size_t i = 0; i < secrets->n_patterns; i++)
    {
      if (strcmp (secrets->patterns[i].text, text) == 0)
        {
          free (text);
          return;
        }
    }
  secrets->patterns = bo_memory_grow (secrets->patterns, sizeof *secrets->patterns, secrets->n_patterns,
                                      &secrets->patterns_room);
  pattern = &secrets->patterns[secrets->n_patterns++];
  pattern->text = text;
  pattern->length = length;
  pattern->mask = bo_memory_new (length + 1);
  memset (pattern->mask, '*', length);
  label = bo_memory_new (strlen (name) + sizeof "[secret ]");
  sprintf (label, "[secret %s]", name);
  if (strlen (label) <= length)
    memcpy (pattern->mask, label, strlen (label));
  free (label);
  secrets->first[(unsigned char) text[0]] = true;
}

/* Reads the values of the variables @names; false, with @error, when one is not set or cannot be hidden. */
bool
bo_secrets_load (BoSecrets *secrets,
                 const BoSpanList *names,
                 BoSecretLookup lookup,
                 char *error,
                 size_t error_size)
{
  memset (secrets, 0, sizeof *secrets);
  for (size_t i = 0; i < names->length; i++)
    {
      BoSecret *secret = NULL;
      const char *value = NULL;
      char *name = bo_memory_new (names->spans[i].length + 1);

      memcpy (name, names->spans[i].data, names->spans[i].length);
      value = lookup (name);
      if (value == NULL || strlen (value) < BO_SECRET_VALUE_MIN || strlen (value) > BO_SECRET_VALUE_MAX
          || !is_utf8 (value))
        {
          if (value == NULL)
            snprintf (error, error_size, "the secret %s is not set", name);
          else if (!is_utf8 (value))
            /* An engine makes other bytes of what is no JSON text, which would not be found when they come
             * back. */
            snprintf (error, error_size, "the secret %s is not UTF-8 text", name);
          else
            snprintf (error, error_size, "the secret %s has %zu bytes, it can be hidden with %d to %u", name,
                      strlen (value), BO_SECRET_VALUE_MIN, BO_SECRET_VALUE_MAX);
          free (name);
          bo_secrets_clear (secrets);
          return false;
        }
      secrets->secrets = bo_memory_grow (secrets->secrets, sizeof *secrets->secrets, secrets->n_secrets,
                                         &secrets->secrets_room);
      secret = &secrets->secrets[secrets->n_secrets++];
      secret->name = name;
      secret->value = escape (value, ESCAPE_PLAIN);
      secret->length = strlen (secret->value);
      add_pattern (secrets, name, strdup (value));
      for (Escape how = ESCAPE_PLAIN; how <= ESCAPE_GO_1_22; how++)
        add_pattern (secrets, name, escape (value, how));
    }
  return true;
}

void
bo_secrets_clear (BoSecrets *secrets)
{
  for (size_t i = 0; i < secrets->n_secrets; i++)
    {
      free (secrets->secrets[i].name);
      free (secrets->secrets[i].value);
    }
  for (size_t i = 0; i < secrets->n_patterns; i++)
    {
      free (secrets->patterns[i].text);
      free (secrets->patterns[i].mask);
    }
  free (secrets->secrets);
  free (secrets->patterns);
  memset (secrets, 0, sizeof *secrets);
}

/* The secret whose mark begins at @p, and the length of the mark. */
static const BoSecret *
find_mark (const BoSecrets *secrets, const char *p, size_t left, size_t *mark_length)
{
  size_t prefix = strlen (MARK);

  if (left <= prefix || memcmp (p, MARK, prefix) != 0)
    return NULL;
  for (size_t i = 0; i < secrets->n_secrets; i++)
    {
      size_t length = strlen (secrets->secrets[i].name);

      if (left - prefix > length && memcmp (p + prefix, secrets->secrets[i].name, length) == 0
          && p[prefix + length] == '}')
        {
          *mark_length = prefix + length + 1;
          return &secrets->secrets[i];
        }
    }
  return NULL;
}

/*
 * Puts the values into a literal body. Returns false when there is nothing to
 * do, and the literal can be sent as it is; else @bytes are the caller's.
 */
bool
bo_secrets_expand (const BoSecrets *secrets, BoSpan literal, char **bytes, size_t *length)
{
  size_t out = 0;
  size_t n_marks = 0;

  if (secrets->n_secrets == 0)
    return false;

  /* Once to count, once to write. */
  *bytes = NULL;
  for (int pass = 0; pass < 2; pass++)
    {
      out = 0;
      for (size_t i = 0; i < literal.length;)
        {
          size_t mark_length = 0;
          const BoSecret *secret = find_mark (secrets, literal.data + i, literal.length - i, &mark_length);

          if (secret == NULL)
            {
              if (*bytes != NULL)
                (*bytes)[out] = literal.data[i];
              out++;
              i++;
              continue;
            }
          if (*bytes != NULL)
            memcpy (*bytes + out, secret->value, secret->length);
          out += secret->length;
          i += mark_length;
          n_marks++;
        }
      if (n_marks == 0)
        return false;
      if (pass == 0)
        *bytes = bo_memory_new (out);
    }
  *length = out;
  return true;
}

void
bo_redactor_init (BoRedactor *redactor, const BoSecrets *secrets)
{
  memset (redactor, 0, sizeof *redactor);
  redactor->secrets = secrets;
}

void
bo_redactor_clear (BoRedactor *redactor)
{
  free (redactor->bytes);
  redactor->bytes = NULL;
  redactor->held = redactor->room = 0;
}

/* Hides the values in bytes[0..length); returns how many bytes are final. */
static size_t
hide (const BoSecrets *secrets, char *bytes, size_t length, bool last)
{
  size_t i = 0;

  while (i < length)
    {
      const BoSecretPattern *best = NULL;
      size_t left = length - i;

      if (!secrets->first[(unsigned char) bytes[i]])
        {
          i++;
          continue;
        }
      for (size_t k = 0; k < secrets->n_patterns; k++)
        {
          const BoSecretPattern *pattern = &secrets->patterns[k];

          if (memcmp (bytes + i, pattern->text, pattern->length < left ? pattern->length : left) != 0)
            continue;
          if (pattern->length > left)
            {
              if (!last)
                return i;
            }
          else if (best == NULL || pattern->length > best->length)
            best = pattern;
        }
      if (best != NULL)
        {
          memcpy (bytes + i, best->mask, best->length);
          i += best->length;
        }
      else
        i++;
    }
  return length;
}

/*
 * Gives back what can be journaled after @length more bytes; with @last, all
 * of it. The result is valid until bo_redactor_taken(), which must be called.
 */
const char *
bo_redactor_feed (BoRedactor *redactor, const char *data, size_t length, bool last, size_t *out_length)
{
  if (redactor->secrets == NULL || redactor->secrets->n_patterns == 0)
    {
      *out_length = length;
      return data;
    }
  if (redactor->held + length > redactor->room)
    {
      char *bytes = bo_memory_new (redactor->held + length);

      if (redactor->held > 0)
        memcpy (bytes, redactor->bytes, redactor->held);
      free (redactor->bytes);
      redactor->bytes = bytes;
      redactor->room = redactor->held + length;
    }
  if (length > 0)
    memcpy (redactor->bytes + redactor->held, data, length);
  redactor->held += length;
  *out_length = hide (redactor->secrets, redactor->bytes, redactor->held, last);
  return redactor->bytes;
}

void
bo_redactor_taken (BoRedactor *redactor, size_t out_length)
{
  if (redactor->secrets == NULL || redactor->secrets->n_patterns == 0 || out_length == 0)
    return;
  redactor->held -= out_length;
  memmove (redactor->bytes, redactor->bytes + out_length, redactor->held);
}
