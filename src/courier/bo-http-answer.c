/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-http-answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bo-memory.h"

#define TRAILER_MAX (16u * 1024)
#define INTERIM_MAX 16

void
bo_http_answer_init (BoHttpAnswer *answer, bool no_body)
{
  memset (answer, 0, sizeof *answer);
  answer->no_body = no_body;
}

void
bo_http_answer_clear (BoHttpAnswer *answer)
{
  free (answer->head);
  answer->head = NULL;
  answer->head_length = answer->head_room = 0;
}

static void
break_off (BoHttpAnswer *answer, const char *problem)
{
  answer->state = BO_HTTP_BROKEN;
  answer->problem = problem;
}

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* The value of a header without the blanks around it. */
static void
trim (const char **value, size_t *length)
{
  while (*length > 0 && is_blank ((*value)[0]))
    {
      (*value)++;
      (*length)--;
    }
  while (*length > 0 && is_blank ((*value)[*length - 1]))
    (*length)--;
}

static bool
is_token_char (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
         || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

/* "HTTP/1.1 200 OK": the reason may be missing. */
static bool
read_status (BoHttpAnswer *answer, const char *line, size_t length)
{
  if (length < 12 || (memcmp (line, "HTTP/1.1 ", 9) != 0 && memcmp (line, "HTTP/1.0 ", 9) != 0)
      || (length > 12 && line[12] != ' '))
    return false;
  answer->status = 0;
  for (int i = 9; i < 12; i++)
    {
      if (line[i] < '0' || line[i] > '9')
        return false;
      answer->status = answer->status * 10 + (line[i] - '0');
    }
  return answer->status >= 100;
}

static bool
read_length (const char *value, size_t length, uint64_t *number)
{
  *number = 0;
  if (length == 0 || length > 18)
    return false;
  for (size_t i = 0; i < length; i++)
    {
      if (value[i] < '0' || value[i] > '9')
        return false;
      *number = *number * 10 + (uint64_t) (value[i] - '0');
    }
  return true;
}

/* Reads the head, which is whole, and decides how the body will end. */
static void
read_head (BoHttpAnswer *answer)
{
  const char *at = answer->head;
  const char *end = answer->head + answer->head_length - 2; /* of the last header's line end */
  bool chunked = false;
  bool has_length = false;

  for (bool first = true; at < end; first = false)
    {
      const char *stop = memmem (at, (size_t) (end - at), "\r\n", 2);
      const char *colon = NULL;
      const char *value = NULL;
      size_t length = 0;
      size_t value_length = 0;

      if (stop == NULL)
        break;
      length = (size_t) (stop - at);
      if (memchr (at, '\0', length) != NULL || memchr (at, '\n', length) != NULL || memchr (at, '\r', length) != NULL)
        return break_off (answer, "a header holds a control character");
      if (first)
        {
          if (!read_status (answer, at, length))
            return break_off (answer, "the answer does not begin with an HTTP status");
          at = stop + 2;
          continue;
        }

      colon = memchr (at, ':', length);
      if (colon == NULL || colon == at)
        return break_off (answer, "a header has no name");
      for (const char *p = at; p < colon; p++)
        {
          if (!is_token_char (*p))
            return break_off (answer, "a header's name is not possible");
        }
      value = colon + 1;
      value_length = (size_t) (stop - value);
      trim (&value, &value_length);
      if (colon - at == 14 && strncasecmp (at, "Content-Length", 14) == 0)
        {
          uint64_t number = 0;

          if (!read_length (value, value_length, &number) || (has_length && number != answer->left))
            return break_off (answer, "the Content-Length is not possible");
          has_length = true;
          answer->left = number;
        }
      else if (colon - at == 17 && strncasecmp (at, "Transfer-Encoding", 17) == 0)
        {
          if (chunked || value_length != 7 || strncasecmp (value, "chunked", 7) != 0)
            return break_off (answer, "the Transfer-Encoding is not known");
          chunked = true;
        }
      at = stop + 2;
    }

  if (answer->status == 0)
    return break_off (answer, "the answer does not begin with an HTTP status");
  if (answer->status == 101)
    return break_off (answer, "the connection was switched to another protocol");
  if (answer->status < 200)
    {
      /* "100 Continue" and its like: the answer proper is still to come. */
      if (++answer->n_interim > INTERIM_MAX)
        return break_off (answer, "too many interim answers");
      answer->status = 0;
      answer->head_length = 0;
      answer->left = 0;
      return;
    }
  if (chunked && has_length)
    return break_off (answer, "the answer has both a length and chunks");

  if (answer->no_body || answer->status == 204 || answer->status == 304)
    answer->state = BO_HTTP_WHOLE;
  else if (chunked)
    answer->state = BO_HTTP_CHUNK_SIZE;
  else if (has_length)
    answer->state = answer->left > 0 ? BO_HTTP_BODY : BO_HTTP_WHOLE;
  else
    answer->state = BO_HTTP_ENDLESS;
}

static void
feed_head (BoHttpAnswer *answer, char c)
{
  if (answer->head_length >= BO_HTTP_HEAD_MAX)
    return break_off (answer, "the headers are too large");
  answer->head = bo_memory_grow (answer->head, 1, answer->head_length, &answer->head_room);
  answer->head[answer->head_length++] = c;
  if (c == '\n' && answer->head_length >= 4 && memcmp (answer->head + answer->head_length - 4, "\r\n\r\n", 4) == 0)
    read_head (answer);
}

/* Adds a byte to the line of a chunk's size or of the trailer; true when the line is whole. */
static bool
feed_line (BoHttpAnswer *answer, char c)
{
  if (c == '\n' && answer->line_length > 0 && answer->line[answer->line_length - 1] == '\r')
    {
      answer->line[--answer->line_length] = '\0';
      return true;
    }
  if (answer->line_length >= sizeof answer->line - 1 || c == '\n' || c == '\0')
    {
      break_off (answer, "the framing of the body is broken");
      return false;
    }
  answer->line[answer->line_length++] = c;
  return false;
}

/* "1A" or "1A; extension". */
static void
read_chunk_size (BoHttpAnswer *answer)
{
  size_t digits = 0;
  const char *p = answer->line;

  answer->left = 0;
  for (; digits < 16; digits++, p++)
    {
      int value = *p >= '0' && *p <= '9'   ? *p - '0'
                  : *p >= 'a' && *p <= 'f' ? *p - 'a' + 10
                  : *p >= 'A' && *p <= 'F' ? *p - 'A' + 10
                                           : -1;

      if (value < 0)
        break;
      answer->left = answer->left * 16 + (uint64_t) value;
    }
  while (is_blank (*p))
    p++;
  if (digits == 0 || answer->left > INT64_MAX || (*p != '\0' && *p != ';'))
    return break_off (answer, "the size of a chunk is broken");
  answer->line_length = 0;
  answer->state = answer->left > 0 ? BO_HTTP_CHUNK : BO_HTTP_TRAILER;
}

/*
 * Takes @length bytes that came. What of them is body is moved to the begin of
 * @data, @body_length bytes. Look at `state` and `status` afterwards. Bytes
 * behind the end of the answer are dropped.
 */
void
bo_http_answer_feed (BoHttpAnswer *answer, char *data, size_t length, size_t *body_length)
{
  size_t out = 0;

  for (size_t i = 0; i < length;)
    {
      size_t run = length - i;

      switch (answer->state)
        {
        case BO_HTTP_HEAD:
          feed_head (answer, data[i++]);
          break;

        case BO_HTTP_BODY:
        case BO_HTTP_CHUNK:
        case BO_HTTP_ENDLESS:
          if (answer->state != BO_HTTP_ENDLESS)
            {
              if (run > answer->left)
                run = (size_t) answer->left;
              answer->left -= run;
            }
          memmove (data + out, data + i, run);
          out += run;
          i += run;
          if (answer->state == BO_HTTP_BODY && answer->left == 0)
            answer->state = BO_HTTP_WHOLE;
          else if (answer->state == BO_HTTP_CHUNK && answer->left == 0)
            answer->state = BO_HTTP_CHUNK_END;
          break;

        case BO_HTTP_CHUNK_END:
          if (feed_line (answer, data[i++]))
            {
              if (answer->line_length != 0)
                break_off (answer, "a chunk is longer than its size");
              else
                answer->state = BO_HTTP_CHUNK_SIZE;
            }
          else if (answer->state == BO_HTTP_CHUNK_END && (answer->line_length > 1 || answer->line[0] != '\r'))
            break_off (answer, "a chunk is longer than its size");
          break;

        case BO_HTTP_CHUNK_SIZE:
          if (feed_line (answer, data[i++]))
            read_chunk_size (answer);
          break;

        case BO_HTTP_TRAILER:
          if (++answer->trailer_length > TRAILER_MAX)
            {
              break_off (answer, "the trailer is too large");
              break;
            }
          if (feed_line (answer, data[i++]))
            {
              if (answer->line_length == 0)
                answer->state = BO_HTTP_WHOLE;
              answer->line_length = 0;
            }
          break;

        case BO_HTTP_WHOLE:
        case BO_HTTP_BROKEN:
        default:
          i = length;
          break;
        }
    }
  *body_length = out;
}
