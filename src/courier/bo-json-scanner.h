/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds single values in a stream of JSON documents of any size, byte by byte
 * and in constant memory. It does not check that they are valid.
 */

#define BO_JSON_DEPTH_MAX 32
#define BO_JSON_TEXT_MAX 512

typedef struct _BoJsonScanner BoJsonScanner;

/*
 * Called for each string, number and word at @path, which is made of the keys
 * above it, each followed by '/', an array being "[]": "BuildCache/[]/ID/".
 * @text is cut at BO_JSON_TEXT_MAX. With @text NULL: the object or array at @path has ended.
 */
typedef void (*BoJsonFunc) (const char *path, const char *text, void *user_data);

struct _BoJsonScanner
{
  BoJsonFunc func;
  void *user_data;

  /*< private >*/
  size_t depth;                      /* containers that are open */
  size_t too_deep;                   /* and those inside of them that are not looked into */
  bool is_array[BO_JSON_DEPTH_MAX];
  size_t path_at[BO_JSON_DEPTH_MAX]; /* length of the path without this container */
  char path[BO_JSON_TEXT_MAX];
  size_t path_length;
  char text[BO_JSON_TEXT_MAX];
  size_t text_length;
  char key[BO_JSON_TEXT_MAX];
  bool has_key;
  bool in_string, in_word, escaped;
  unsigned unicode_left;             /* hexadecimal digits of \u still to come */
  unsigned unicode;
};

void bo_json_scanner_init (BoJsonScanner *scanner, BoJsonFunc func, void *user_data);
void bo_json_scanner_feed (BoJsonScanner *scanner, const char *data, size_t length);
