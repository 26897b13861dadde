/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-docker-rule"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "context/bo-docker-rule.h"

/* Docker changed how its client matches ignore files in this version (the one after 20.10). */
#define FIRST_CURRENT 22
#define LIMIT_US (5 * G_TIME_SPAN_SECOND)

/**
 * bo_docker_rule_from_version:
 * @text: what `docker --version` says, such as "Docker version 20.10.24+dfsg1, build 297e128"
 *
 * Returns: the rule of that version; the current one when @text is something else (podman's
 *   docker, for one)
 */
BoIgnoreRule
bo_docker_rule_from_version (const char *text)
{
  static const char head[] = "Docker version ";
  guint64 major;

  g_return_val_if_fail (text != NULL, BO_IGNORE_RULE_CURRENT);

  if (!g_str_has_prefix (text, head) || !g_ascii_isdigit (text[strlen (head)]))
    return BO_IGNORE_RULE_CURRENT;
  major = g_ascii_strtoull (text + strlen (head), NULL, 10);
  return major < FIRST_CURRENT ? BO_IGNORE_RULE_20_10 : BO_IGNORE_RULE_CURRENT;
}

static gpointer
kill_late (gpointer data)
{
  GSubprocess *docker = data;
  gint64 end_us = g_get_monotonic_time () + LIMIT_US;

  while (g_get_monotonic_time () < end_us && g_subprocess_get_identifier (docker) != NULL)
    g_usleep (20 * G_TIME_SPAN_MILLISECOND);
  g_subprocess_force_exit (docker);
  g_object_unref (docker);
  return NULL;
}

static gpointer
detect_once (gpointer data)
{
  g_autoptr (GSubprocess) docker = NULL;
  g_autofree char *output = NULL;
  GThread *guard;

  docker = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, "docker",
                             "--version", NULL);
  if (docker == NULL)
    return GINT_TO_POINTER (BO_IGNORE_RULE_CURRENT);

  /* It answers within milliseconds, unless it is not docker. */
  guard = g_thread_new ("docker-version", kill_late, g_object_ref (docker));
  if (!g_subprocess_communicate_utf8 (docker, NULL, NULL, &output, NULL, NULL))
    g_debug ("docker --version said nothing that can be read");
  g_subprocess_force_exit (docker);
  g_thread_join (guard);
  return GINT_TO_POINTER (bo_docker_rule_from_version (output != NULL ? output : ""));
}

/**
 * bo_docker_rule_detect:
 *
 * Asks the docker command line on this computer for its version, once; it
 * blocks for some milliseconds. Safe to call from several threads.
 *
 * Returns: its rule, or the current one where there is no docker
 */
BoIgnoreRule
bo_docker_rule_detect (void)
{
  static GOnce once = G_ONCE_INIT;

  g_once (&once, detect_once, NULL);
  return GPOINTER_TO_INT (once.retval);
}
