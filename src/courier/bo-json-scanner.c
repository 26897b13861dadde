/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-json-scanner.h"

#include <string.h>

void
bo_json_scanner_init (BoJsonScanner *scanner, BoJsonFunc func, void *user_data)
{
  memset (scanner, 0, sizeof *scanner);
  scanner->func = func;
  scanner->user_data = user_data;
}

static bool
in_object (const BoJsonScanner *scanner)
{
  return scanner->depth > 0 && !scanner->is_array[scanner->depth - 1];
}

/* Puts the name of what comes now behind the path; returns false when there is no room for it. */
static bool
add_to_path (BoJsonScanner *scanner)
{
  const char *name = scanner->depth == 0 ? "" : in_object (scanner) ? scanner->key : "[]";
  size_t length = strlen (name);

  if (scanner->depth == 0)
    return true;
  if (scanner->path_length + length + 2 > sizeof scanner->path)
    return false;
  memcpy (scanner->path + scanner->path_length, name, length);
  scanner->path_length += length;
  scanner->path[scanner->path_length++] = '/';
  scanner->path[scanner->path_length] = '\0';
  return true;
}

static void
cut_path (BoJsonScanner *scanner, size_t length)
{
  scanner->path_length = length;
  scanner->path[length] = '\0';
}

static void
tell_value (BoJsonScanner *scanner)
{
  size_t length = scanner->path_length;

  if (scanner->too_deep > 0 || scanner->depth == 0)
    return;
  if (add_to_path (scanner))
    scanner->func (scanner->path, scanner->text, scanner->user_data);
  cut_path (scanner, length);
  scanner->has_key = false;
}

static void
open_container (BoJsonScanner *scanner, bool is_array)
{
  size_t length = scanner->path_length;

  if (scanner->too_deep > 0 || scanner->depth == BO_JSON_DEPTH_MAX || !add_to_path (scanner))
    {
      scanner->too_deep++;
      return;
    }
  scanner->path_at[scanner->depth] = length;
  scanner->is_array[scanner->depth++] = is_array;
  scanner->has_key = false;
}

static void
close_container (BoJsonScanner *scanner)
{
  if (scanner->too_deep > 0)
    {
      scanner->too_deep--;
      if (scanner->too_deep == 0)
        scanner->has_key = false;
      return;
    }
  if (scanner->depth == 0)
    return;
  scanner->func (scanner->path, NULL, scanner->user_data);
  cut_path (scanner, scanner->path_at[--scanner->depth]);
  scanner->has_key = false;
}

static void
add_char (BoJsonScanner *scanner, char c)
{
  if (scanner->text_length + 1 < sizeof scanner->text)
    scanner->text[scanner->text_length++] = c;
  scanner->text[scanner->text_length] = '\0';
}

static void
end_string (BoJsonScanner *scanner)
{
  scanner->in_string = false;
  if (scanner->too_deep > 0)
    return;
  if (in_object (scanner) && !scanner->has_key)
    {
      memcpy (scanner->key, scanner->text, scanner->text_length + 1);
      scanner->has_key = true;
    }
  else
    tell_value (scanner);
}

static void
feed_string (BoJsonScanner *scanner, char c)
{
  if (scanner->unicode_left > 0)
    {
      unsigned digit = c >= '0' && c <= '9'   ? (unsigned) (c - '0')
                       : c >= 'a' && c <= 'f' ? (unsigned) (c - 'a' + 10)
                       : c >= 'A' && c <= 'F' ? (unsigned) (c - 'A' + 10)
                                              : 0;

      scanner->unicode = scanner->unicode * 16 + digit;
      if (--scanner->unicode_left == 0)
        add_char (scanner, scanner->unicode > 0 && scanner->unicode < 128 ? (char) scanner->unicode : '?');
    }
  else if (scanner->escaped)
    {
      scanner->escaped = false;
      if (c == 'u')
        {
          scanner->unicode = 0;
          scanner->unicode_left = 4;
        }
      else
        add_char (scanner, c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' ? '\b' : c == 'f' ? '\f' : c);
    }
  else if (c == '\\')
    scanner->escaped = true;
  else if (c == '"')
    end_string (scanner);
  else
    add_char (scanner, c != '\0' ? c : '?');
}

void
bo_json_scanner_feed (BoJsonScanner *scanner, const char *data, size_t length)
{
  for (size_t i = 0; i < length; i++)
    {
      char c = data[i];

      if (scanner->in_string)
        {
          feed_string (scanner, c);
          continue;
        }
      if (scanner->in_word)
        {
          if (c != '\0' && strchr (",]}[{:\" \t\r\n", c) == NULL)
            {
              add_char (scanner, c);
              continue;
            }
          scanner->in_word = false;
          tell_value (scanner);
        }

      switch (c)
        {
        case '{':
        case '[':
          open_container (scanner, c == '[');
          break;
        case '}':
        case ']':
          close_container (scanner);
          break;
        case ',':
          if (scanner->too_deep == 0)
            scanner->has_key = false;
          break;
        case ':':
        case ' ':
        case '\t':
        case '\r':
        case '\n':
        case '\0':
          break;
        case '"':
          scanner->in_string = true;
          scanner->text_length = 0;
          scanner->text[0] = '\0';
          break;
        default:
          scanner->in_word = true;
          scanner->text_length = 0;
          scanner->text[0] = '\0';
          add_char (scanner, c);
          break;
        }
    }
}
