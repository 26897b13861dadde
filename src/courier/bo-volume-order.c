/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bo-memory.h"
#include "bo-play-script.h"
#include "bo-volume-commands.h"
#include "bo-volume.h"

static bool
has_chain (const BoPlayScript *script, const char *id)
{
  for (size_t i = 0; i < script->n_chains; i++)
    {
      if (bo_span_equals (script->chains[i].id, id))
        return true;
    }
  return false;
}

/* Checks the ids against the script, so that a wrong one does not leave out what was meant, and writes the
 * file. */
static int
set_order (int campaign_fd, int n_chains, char **chains)
{
  size_t length = 0;
  char *data = bo_volume_read_file (campaign_fd, "script", BO_SCRIPT_SIZE_MAX, &length);
  BoPlayScript script = { 0 };
  char bad[240] = "";
  char *text = NULL;
  size_t at = 0;
  int status = BO_COURIER_EXIT_OK;

  if (data == NULL)
    return bo_volume_problem (BO_COURIER_EXIT_INPUT, "script: %s", strerror (errno));
  if (!bo_play_script_parse (&script, data, length, bad, sizeof bad))
    status = bo_volume_problem (BO_COURIER_EXIT_INPUT, "script: %s", bad);
  for (int i = 0; i < n_chains && status == BO_COURIER_EXIT_OK; i++)
    {
      if (!has_chain (&script, chains[i]))
        status = bo_volume_problem (BO_COURIER_EXIT_INPUT, "the campaign has no chain “%.*s”",
                                    BO_SCRIPT_ID_MAX, chains[i]);
    }
  if (status == BO_COURIER_EXIT_OK)
    {
      /* Every id is one of the script's, and so has at most BO_SCRIPT_ID_MAX bytes and no line end. */
      text = bo_memory_new ((size_t) n_chains * (BO_SCRIPT_ID_MAX + 1));
      for (int i = 0; i < n_chains; i++)
        {
          memcpy (text + at, chains[i], strlen (chains[i]));
          at += strlen (chains[i]);
          text[at++] = '\n';
        }
      if (!bo_volume_write_file (campaign_fd, "order", text, at))
        status = bo_volume_problem (BO_COURIER_EXIT_FAILED, "order: %s", strerror (errno));
      free (text);
    }
  bo_play_script_clear (&script);
  free (data);
  return status;
}

/* VOLUME ID CHAIN... */
int
bo_volume_order (int argc, char **argv)
{
  int volume_fd = bo_volume_open (argv[0]);
  int campaign_fd = volume_fd >= 0 ? bo_volume_open_campaign (volume_fd, argv[1]) : -1;
  int status = BO_COURIER_EXIT_INPUT;

  if (campaign_fd >= 0)
    {
      status = set_order (campaign_fd, argc - 2, argv + 2);
      bo_volume_touch_lease (campaign_fd);
      close (campaign_fd);
    }
  if (volume_fd >= 0)
    close (volume_fd);
  return status;
}
