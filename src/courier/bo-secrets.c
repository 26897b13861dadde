/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bo-memory.h"

#define MARK "${bakeoff-secret:"

/*
 * @value escaped as in a JSON string. The engine's own encoder also escapes
 * what is special in HTML (@html), so both forms are looked for in answers.
 */
static char *
escape (const char *value, bool html)
{
  char *text = bo_memory_new (strlen (value) * 6 + 1);
  char *p = text;

  for (; *value != '\0'; value++)
    {
      unsigned char c = (unsigned char) *value;

      if (c == '"' || c == '\\')
        {
          *p++ = '\\';
          *p++ = (char) c;
        }
      else if (c == '\n' || c == '\r' || c == '\t')
        {
          *p++ = '\\';
          *p++ = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
        }
      else if (c < ' ' || (html && (c == '<' || c == '>' || c == '&')))
        p += sprintf (p, "\\u%04x", c);
      else
        *p++ = (char) c;
    }
  return text;
}

/* Takes @text. The mask is as long as what it hides, so that framed answers (logs) can still be taken apart. */
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
bo_secrets_load (BoSecrets *secrets, const BoSpanList *names, BoSecretLookup lookup, char *error, size_t error_size)
{
  memset (secrets, 0, sizeof *secrets);
  for (size_t i = 0; i < names->length; i++)
    {
      BoSecret *secret = NULL;
      const char *value = NULL;
      char *name = bo_memory_new (names->spans[i].length + 1);

      memcpy (name, names->spans[i].data, names->spans[i].length);
      value = lookup (name);
      if (value == NULL || strlen (value) < BO_SECRET_VALUE_MIN || strlen (value) > BO_SECRET_VALUE_MAX)
        {
          if (value == NULL)
            snprintf (error, error_size, "the secret %s is not set", name);
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
      secret->value = escape (value, false);
      secret->length = strlen (secret->value);
      add_pattern (secrets, name, strdup (value));
      add_pattern (secrets, name, escape (value, false));
      add_pattern (secrets, name, escape (value, true));
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

      if (left - prefix > length && memcmp (p + prefix, secrets->secrets[i].name, length) == 0 && p[prefix + length] == '}')
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
