/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sys/types.h>

#include "bo-play-script.h"
#include "bo-recipe-parser.h"
#include "bo-secrets.h"

/*
 * The body of a request while it is being sent: literal bytes of the script
 * and what recipes name, one after the other. Never more than one file is open
 * and one buffer filled.
 */

typedef enum
{
  BO_BODY_BYTES,  /* some bytes were put into the buffer */
  BO_BODY_FILE,   /* the next bytes are those of an open file, to be sent from there */
  BO_BODY_END,
  BO_BODY_BROKEN, /* see `problem` */
} BoBodyPart;

typedef struct
{
  const BoPlayPiece *pieces;
  size_t n_pieces, piece;
  BoSpan *literals;   /* of the pieces, with the secrets put in */
  char **expanded;    /* what of them was allocated */
  uint64_t *lengths;  /* of the pieces */
  uint64_t total;
  size_t literal_at;

  int folder_fd, files_fd; /* borrowed; files_fd -1: files/ in the folder */
  int recipe_fd;
  BoRecipeParser parser;
  char *recipe_bytes;
  const char *recipe_at;
  size_t recipe_left;
  const char *run; /* literal bytes of the recipe still to be given out */
  size_t run_left;

  int file_fd;
  uint64_t file_left;
  char file_name[65];

  char problem[256];
} BoRequestBody;

bool bo_request_body_open (BoRequestBody *body,
                           const BoPlayPiece *pieces,
                           size_t n_pieces,
                           const BoSecrets *secrets,
                           int folder_fd,
                           int files_fd);
void bo_request_body_open_bytes (BoRequestBody *body, const BoPlayPiece *piece);
void bo_request_body_clear (BoRequestBody *body);

BoBodyPart bo_request_body_next (BoRequestBody *body, char *buffer, size_t room, size_t *got);
BoBodyPart bo_request_body_took (BoRequestBody *body, size_t sent);
