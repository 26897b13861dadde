/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-request-body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bo-memory.h"

#define RECIPE_BUFFER (64u * 1024)
/* From here on a file is sent by the kernel, below it is copied together with its neighbours. */
#define FILE_DIRECT (128u * 1024)

static BoBodyPart __attribute__ ((format (printf, 2, 3)))
broken (BoRequestBody *body, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  vsnprintf (body->problem, sizeof body->problem, format, args);
  va_end (args);
  return BO_BODY_BROKEN;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* Reads on in the recipe. */
static bool
read_recipe (BoRequestBody *body)
{
  ssize_t n = 0;

  do
    n = read (body->recipe_fd, body->recipe_bytes, RECIPE_BUFFER);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    {
      broken (body, "recipe %s: %s", body->pieces[body->piece].recipe, strerror (errno));
      return false;
    }
  body->recipe_at = body->recipe_bytes;
  body->recipe_left = (size_t) n;
  return true;
}

/* Opens the recipe of the piece, and reads its length. */
static bool
open_recipe (BoRequestBody *body)
{
  const char *name = body->pieces[body->piece].recipe;
  char path[80];
  BoRecipePiece piece;

  snprintf (path, sizeof path, "recipes/%s", name);
  body->recipe_fd = openat (body->folder_fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (body->recipe_fd < 0)
    {
      broken (body, "recipe %s: %s", name, strerror (errno));
      return false;
    }
  if (body->recipe_bytes == NULL)
    body->recipe_bytes = bo_memory_new (RECIPE_BUFFER);
  body->recipe_left = 0;
  body->run_left = 0;
  bo_recipe_parser_init (&body->parser);
  for (;;)
    {
      BoRecipeEvent event = BO_RECIPE_PARSER_MORE;

      if (body->recipe_left == 0 && !read_recipe (body))
        return false;
      if (body->recipe_left == 0)
        {
          broken (body, "recipe %s: it is cut off", name);
          return false;
        }
      event = bo_recipe_parser_next (&body->parser, &body->recipe_at, &body->recipe_left, &piece);
      if (event == BO_RECIPE_PARSER_LENGTH)
        return true;
      if (event != BO_RECIPE_PARSER_MORE)
        {
          broken (body, "recipe %s: %s", name,
                  body->parser.problem != NULL ? body->parser.problem : "it has no length");
          return false;
        }
    }
}

static void
prepare (BoRequestBody *body, const BoPlayPiece *pieces, size_t n_pieces, int folder_fd, int files_fd)
{
  memset (body, 0, sizeof *body);
  body->pieces = pieces;
  body->n_pieces = n_pieces;
  body->folder_fd = folder_fd;
  body->files_fd = files_fd;
  body->recipe_fd = -1;
  body->file_fd = -1;
  body->literals = bo_memory_new (n_pieces * sizeof *body->literals);
  body->expanded = bo_memory_new (n_pieces * sizeof *body->expanded);
  body->lengths = bo_memory_new (n_pieces * sizeof *body->lengths);
}

/*
 * Prepares a body and learns its length, which is `total` then. Returns false,
 * with `problem`, when a recipe cannot be read; clear it in any case.
 */
bool
bo_request_body_open (BoRequestBody *body,
                      const BoPlayPiece *pieces,
                      size_t n_pieces,
                      const BoSecrets *secrets,
                      int folder_fd,
                      int files_fd)
{
  prepare (body, pieces, n_pieces, folder_fd, files_fd);
  for (body->piece = 0; body->piece < n_pieces; body->piece++)
    {
      const BoPlayPiece *piece = &pieces[body->piece];
      uint64_t length = 0;

      if (piece->recipe[0] == '\0')
        {
          BoSpan *literal = &body->literals[body->piece];

          *literal = piece->literal;
          if (bo_secrets_expand (secrets, piece->literal, &body->expanded[body->piece], &literal->length))
            literal->data = body->expanded[body->piece];
          length = literal->length;
        }
      else
        {
          if (!open_recipe (body))
            return false;
          length = body->parser.length;
          close_fd (&body->recipe_fd);
        }
      if (length > INT64_MAX - body->total)
        {
          broken (body, "the body is too large");
          return false;
        }
      body->lengths[body->piece] = length;
      body->total += length;
    }
  body->piece = 0;
  return true;
}

/* A body of one literal piece, as it is. */
void
bo_request_body_open_bytes (BoRequestBody *body, const BoPlayPiece *piece)
{
  prepare (body, piece, 1, -1, -1);
  body->literals[0] = piece->literal;
  body->lengths[0] = piece->literal.length;
  body->total = piece->literal.length;
}

void
bo_request_body_clear (BoRequestBody *body)
{
  for (size_t i = 0; body->expanded != NULL && i < body->n_pieces; i++)
    free (body->expanded[i]);
  free (body->expanded);
  free (body->literals);
  free (body->lengths);
  free (body->recipe_bytes);
  close_fd (&body->recipe_fd);
  close_fd (&body->file_fd);
  body->expanded = NULL;
  body->literals = NULL;
  body->lengths = NULL;
  body->recipe_bytes = NULL;
}

static bool
open_file (BoRequestBody *body, const BoRecipePiece *piece)
{
  char path[80];
  struct stat info;

  snprintf (path, sizeof path, "%s%.2s/%s", body->files_fd < 0 ? "files/" : "", piece->sha256, piece->sha256);
  memcpy (body->file_name, piece->sha256, sizeof body->file_name);
  body->file_fd = openat (body->files_fd < 0 ? body->folder_fd : body->files_fd, path,
                          O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (body->file_fd < 0 || fstat (body->file_fd, &info) != 0)
    {
      broken (body, "file %s: %s", piece->sha256, strerror (errno));
      return false;
    }
  if (!S_ISREG (info.st_mode))
    {
      broken (body, "file %s: it is no regular file", piece->sha256);
      return false;
    }
  if ((uint64_t) info.st_size != piece->file_length)
    {
      broken (body, "file %s: it has %llu bytes, the recipe says %llu", piece->sha256,
              (unsigned long long) info.st_size, (unsigned long long) piece->file_length);
      return false;
    }
  posix_fadvise (body->file_fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  body->file_left = piece->file_length;
  return true;
}

/* Says that @sent bytes of the open file have gone out directly; 0 when it ended too early. */
BoBodyPart
bo_request_body_took (BoRequestBody *body, size_t sent)
{
  if (sent == 0)
    return broken (body, "file %s: it became shorter while it was sent", body->file_name);
  body->file_left -= sent;
  if (body->file_left == 0)
    close_fd (&body->file_fd);
  return BO_BODY_BYTES;
}

/* The next part of the recipe that is open; BO_BODY_END when it is through. */
static BoBodyPart
next_of_recipe (BoRequestBody *body, char *buffer, size_t room, size_t *got)
{
  const char *name = body->pieces[body->piece].recipe;

  while (*got < room)
    {
      BoRecipePiece piece = { 0 };

      if (body->run_left > 0)
        {
          size_t n = body->run_left < room - *got ? body->run_left : room - *got;

          memcpy (buffer + *got, body->run, n);
          body->run += n;
          body->run_left -= n;
          *got += n;
          continue;
        }
      if (body->file_fd >= 0)
        {
          size_t n = room - *got;
          ssize_t count = 0;

          if (body->file_left >= FILE_DIRECT)
            return *got > 0 ? BO_BODY_BYTES : BO_BODY_FILE;
          if (n > body->file_left)
            n = (size_t) body->file_left;
          do
            count = read (body->file_fd, buffer + *got, n);
          while (count < 0 && errno == EINTR);
          if (count < 0)
            return broken (body, "file %s: %s", body->file_name, strerror (errno));
          if (bo_request_body_took (body, (size_t) count) == BO_BODY_BROKEN)
            return BO_BODY_BROKEN;
          *got += (size_t) count;
          continue;
        }

      if (body->recipe_left == 0 && !read_recipe (body))
        return BO_BODY_BROKEN;
      switch (bo_recipe_parser_next (&body->parser, &body->recipe_at, &body->recipe_left, &piece))
        {
        case BO_RECIPE_PARSER_LITERAL:
          body->run = piece.literal;
          body->run_left = piece.literal_length;
          break;
        case BO_RECIPE_PARSER_FILE:
          if (!open_file (body, &piece))
            return BO_BODY_BROKEN;
          break;
        case BO_RECIPE_PARSER_END:
          if (body->parser.length != body->lengths[body->piece])
            return broken (body, "recipe %s: it changed while it was sent", name);
          return BO_BODY_END;
        case BO_RECIPE_PARSER_BROKEN:
          return broken (body, "recipe %s: %s", name, body->parser.problem);
        case BO_RECIPE_PARSER_LENGTH:
        case BO_RECIPE_PARSER_MORE:
        default:
          if (body->recipe_left == 0)
            {
              if (!read_recipe (body))
                return BO_BODY_BROKEN;
              if (body->recipe_left == 0 && body->parser.problem == NULL)
                {
                  const char *nothing = NULL;
                  size_t zero = 0;

                  if (bo_recipe_parser_next (&body->parser, &nothing, &zero, &piece) == BO_RECIPE_PARSER_END)
                    continue;
                  return broken (body, "recipe %s: it is cut off", name);
                }
            }
          break;
        }
    }
  return BO_BODY_BYTES;
}

/*
 * Puts the next bytes into @buffer, as many as there is room for. When the
 * next bytes come from a large file, and the buffer is still empty, says so instead: send
 * up to `file_left` bytes from `file_fd` and call bo_request_body_took().
 */
BoBodyPart
bo_request_body_next (BoRequestBody *body, char *buffer, size_t room, size_t *got)
{
  *got = 0;
  while (*got < room && body->piece < body->n_pieces)
    {
      if (body->pieces[body->piece].recipe[0] == '\0')
        {
          BoSpan literal = body->literals[body->piece];
          size_t n = literal.length - body->literal_at;

          if (n > room - *got)
            n = room - *got;
          if (n > 0)
            memcpy (buffer + *got, literal.data + body->literal_at, n);
          *got += n;
          body->literal_at += n;
          if (body->literal_at < literal.length)
            break;
        }
      else
        {
          BoBodyPart part = BO_BODY_BYTES;

          if (body->recipe_fd < 0 && !open_recipe (body))
            return BO_BODY_BROKEN;
          part = next_of_recipe (body, buffer, room, got);
          if (part != BO_BODY_END)
            return part;
          close_fd (&body->recipe_fd);
        }
      body->piece++;
      body->literal_at = 0;
    }
  return *got > 0 ? BO_BODY_BYTES : body->piece < body->n_pieces ? BO_BODY_BYTES : BO_BODY_END;
}
