/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bo-volume-needs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-memory.h"
#include "bo-play-script.h"
#include "bo-recipe-parser.h"

#define READ_SIZE (256u * 1024)
/* As many files as an index of 32 bits and the memory of a small device can take. */
#define CONTENTS_MAX 4000000u
#define RECIPE_NAME 64

/* The slot of @hash, or the free one where it belongs. */
static size_t
find_slot (const BoVolumeNeeds *needs, const uint8_t *hash)
{
  uint64_t words[4];
  size_t slot = 0;

  /* A checksum is as good as random already; one that somebody has made up is mixed a little. */
  memcpy (words, hash, sizeof words);
  slot = (size_t) (((words[0] ^ words[1] * 3 ^ words[2] * 5 ^ words[3] * 7) * 0x9e3779b97f4a7c15u) >> 32);
  for (slot &= needs->n_slots - 1; needs->slots[slot] != 0; slot = (slot + 1) & (needs->n_slots - 1))
    {
      if (memcmp (needs->contents[needs->slots[slot] - 1].hash, hash, BO_SHA256_SIZE) == 0)
        break;
    }
  return slot;
}

static void
make_room (BoVolumeNeeds *needs)
{
  needs->contents = bo_memory_grow (needs->contents, sizeof *needs->contents, needs->length, &needs->room);
  if (needs->length * 2 < needs->n_slots)
    return;
  free (needs->slots);
  needs->n_slots = needs->n_slots == 0 ? 1024 : needs->n_slots * 2;
  needs->slots = bo_memory_new (needs->n_slots * sizeof *needs->slots);
  for (size_t i = 0; i < needs->length; i++)
    needs->slots[find_slot (needs, needs->contents[i].hash)] = (uint32_t) i + 1;
}

/* What is wrong with it, or NULL. */
static const char *
add (BoVolumeNeeds *needs, const uint8_t *hash, uint64_t size)
{
  size_t slot = 0;

  make_room (needs);
  slot = find_slot (needs, hash);
  if (needs->slots[slot] != 0)
    return needs->contents[needs->slots[slot] - 1].size == size
               ? NULL
               : "it names a file with another length than elsewhere";
  if (needs->length >= CONTENTS_MAX)
    return "there are too many files";
  memcpy (needs->contents[needs->length].hash, hash, BO_SHA256_SIZE);
  needs->contents[needs->length].size = size;
  needs->slots[slot] = (uint32_t) ++needs->length;
  return NULL;
}

bool
bo_volume_needs_have (const BoVolumeNeeds *needs, const uint8_t hash[BO_SHA256_SIZE])
{
  return needs->n_slots > 0 && needs->slots[find_slot (needs, hash)] != 0;
}

void
bo_volume_needs_clear (BoVolumeNeeds *needs)
{
  free (needs->contents);
  free (needs->slots);
  memset (needs, 0, sizeof *needs);
}

/* Reads one recipe; what is wrong with it goes into @problem, but what was read before counts. */
static bool
add_recipe (BoVolumeNeeds *needs,
            int recipes_fd,
            const char *name,
            char *buffer,
            char problem[BO_VOLUME_PROBLEM_SIZE])
{
  struct stat info = { 0 };
  int fd = bo_volume_open_file (recipes_fd, name, &info);
  const char *wrong = NULL;
  BoRecipeParser parser;
  BoRecipePiece piece;
  BoRecipeEvent event = BO_RECIPE_PARSER_MORE;
  BoSha256 sum;
  uint8_t hash[BO_SHA256_SIZE];
  char text[2 * BO_SHA256_SIZE + 1];
  ssize_t n = 0;

  if (fd < 0)
    {
      snprintf (problem, BO_VOLUME_PROBLEM_SIZE, "recipe %s: %s", name,
                errno == EINVAL || errno == ELOOP ? "it is no regular file" : strerror (errno));
      return false;
    }
  bo_recipe_parser_init (&parser);
  bo_sha256_init (&sum);
  while (wrong == NULL && (n = bo_volume_read_whole (fd, buffer, READ_SIZE)) > 0)
    {
      const char *data = buffer;
      size_t left = (size_t) n;

      bo_sha256_feed (&sum, buffer, left);
      while (left > 0 && wrong == NULL)
        {
          event = bo_recipe_parser_next (&parser, &data, &left, &piece);
          if (event == BO_RECIPE_PARSER_FILE && bo_sha256_from_text (piece.sha256, RECIPE_NAME, hash))
            wrong = add (needs, hash, piece.file_length);
          else if (event == BO_RECIPE_PARSER_BROKEN)
            wrong = parser.problem;
        }
    }
  if (n < 0)
    wrong = strerror (errno);
  close (fd);
  if (wrong == NULL)
    {
      const char *nothing = NULL;
      size_t zero = 0;

      if (bo_recipe_parser_next (&parser, &nothing, &zero, &piece) != BO_RECIPE_PARSER_END)
        wrong = "it is cut off";
    }
  if (wrong == NULL)
    {
      bo_sha256_finish (&sum, hash);
      bo_sha256_to_text (hash, text);
      if (strcmp (text, name) != 0)
        wrong = "its text is not the one that its name says";
    }
  if (wrong != NULL)
    snprintf (problem, BO_VOLUME_PROBLEM_SIZE, "recipe %s: %s", name, wrong);
  return wrong == NULL;
}

static int
compare_names (const void *a, const void *b)
{
  return memcmp (a, b, RECIPE_NAME);
}

/* The names of the recipes in the script, each once; free the result. */
static char (*list_recipes (const BoPlayScript *script, size_t *length))[RECIPE_NAME + 1]
{
  char (*names)[RECIPE_NAME + 1] = NULL;
  size_t room = 0;
  size_t n = 0;
  size_t kept = 0;

  for (size_t i = 0; i < script->n_items; i++)
    {
      for (size_t k = 0; k < script->items[i].n_pieces; k++)
        {
          if (script->items[i].pieces[k].recipe[0] == '\0')
            continue;
          names = bo_memory_grow (names, sizeof *names, n, &room);
          memcpy (names[n++], script->items[i].pieces[k].recipe, sizeof *names);
        }
    }
  if (n > 0)
    qsort (names, n, sizeof *names, compare_names);
  for (size_t i = 0; i < n; i++)
    {
      if (kept == 0 || memcmp (names[i], names[kept - 1], RECIPE_NAME) != 0)
        memmove (names[kept++], names[i], sizeof *names);
    }
  *length = kept;
  return names;
}

bool
bo_volume_needs_add_script (BoVolumeNeeds *needs,
                            int campaign_fd,
                            const char *id,
                            char problem[BO_VOLUME_PROBLEM_SIZE])
{
  const char *name = "script.new";
  size_t length = 0;
  char *text = bo_volume_read_file (campaign_fd, name, BO_SCRIPT_SIZE_MAX, &length);
  BoPlayScript script = { 0 };
  char (*names)[RECIPE_NAME + 1] = NULL;
  size_t n_names = 0;
  char bad[240] = "";
  char *buffer = NULL;
  int recipes_fd = -1;
  bool good = false;

  if (text == NULL && errno == ENOENT)
    {
      name = "script";
      text = bo_volume_read_file (campaign_fd, name, BO_SCRIPT_SIZE_MAX, &length);
    }
  if (text == NULL)
    {
      snprintf (problem, BO_VOLUME_PROBLEM_SIZE, "%s: %s", name, strerror (errno));
      return false;
    }
  if (!bo_play_script_parse (&script, text, length, bad, sizeof bad))
    {
      snprintf (problem, BO_VOLUME_PROBLEM_SIZE, "%s: %s", name, bad);
      free (text);
      return false;
    }
  if (!bo_span_equals (script.campaign, id))
    {
      snprintf (problem, BO_VOLUME_PROBLEM_SIZE, "%s: it is that of campaign %.*s", name,
                (int) script.campaign.length, script.campaign.data);
      goto out;
    }

  names = list_recipes (&script, &n_names);
  good = true;
  if (n_names == 0)
    goto out;
  recipes_fd = bo_volume_open_folder (campaign_fd, "recipes");
  if (recipes_fd < 0)
    {
      snprintf (problem, BO_VOLUME_PROBLEM_SIZE, "recipes: %s", strerror (errno));
      good = false;
      goto out;
    }
  buffer = bo_memory_new (READ_SIZE);
  for (size_t i = 0; i < n_names && good; i++)
    good = add_recipe (needs, recipes_fd, names[i], buffer, problem);
  free (buffer);
  close (recipes_fd);

out:
  free (names);
  bo_play_script_clear (&script);
  free (text);
  return good;
}

void
bo_volume_needs_add_folder (BoVolumeNeeds *needs, int campaign_fd)
{
  int fd = bo_volume_open_folder (campaign_fd, "recipes");
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  char problem[BO_VOLUME_PROBLEM_SIZE];
  struct dirent *entry = NULL;
  char *buffer = NULL;

  if (folder == NULL)
    {
      if (fd >= 0)
        close (fd);
      return;
    }
  buffer = bo_memory_new (READ_SIZE);
  while ((entry = readdir (folder)) != NULL)
    {
      uint8_t hash[BO_SHA256_SIZE];

      /* One that is not whole is on its way, or will be found out by "missing". */
      if (bo_sha256_from_text (entry->d_name, strlen (entry->d_name), hash))
        add_recipe (needs, fd, entry->d_name, buffer, problem);
    }
  free (buffer);
  closedir (folder);
}

size_t
bo_volume_needs_tell_missing (const BoVolumeNeeds *needs, int volume_fd)
{
  int files_fd = bo_volume_open_folder (volume_fd, "files");
  int folders[256];
  size_t n_missing = 0;

  for (int i = 0; i < 256; i++)
    folders[i] = -2;
  for (size_t i = 0; i < needs->length; i++)
    {
      const BoVolumeContent *content = &needs->contents[i];
      int *folder_fd = &folders[content->hash[0]];
      char name[2 * BO_SHA256_SIZE + 1];
      struct stat info = { 0 };

      bo_sha256_to_text (content->hash, name);
      if (*folder_fd == -2)
        {
          char folder[3] = { name[0], name[1], '\0' };

          *folder_fd = files_fd >= 0 ? bo_volume_open_folder (files_fd, folder) : -1;
        }
      if (*folder_fd >= 0 && fstatat (*folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0
          && S_ISREG (info.st_mode) && (uint64_t) info.st_size == content->size)
        {
          utimensat (*folder_fd, name, NULL, AT_SYMLINK_NOFOLLOW);
          continue;
        }
      printf ("%s %llu\n", name, (unsigned long long) content->size);
      n_missing++;
    }
  for (int i = 0; i < 256; i++)
    {
      if (folders[i] >= 0)
        close (folders[i]);
    }
  if (files_fd >= 0)
    close (files_fd);
  return n_missing;
}
