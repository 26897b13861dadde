/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-ssh-preflight.h"
#include "engine/bo-ssh-words.h"

/* As OpenSSH 9.2 wrote them. */
static const struct
{
  const char *words;
  BoEngineError code;
} words[] = {
  { "Host key verification failed.\r\n", BO_ENGINE_ERROR_HOST_KEY_UNKNOWN },
  { "@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n@@@@@@@@@@@@@@@\r\n"
    "Offending ED25519 key in /root/.ssh/known_hosts:1\r\nHost key verification failed.\r\n",
    BO_ENGINE_ERROR_HOST_KEY_CHANGED },
  { "nobody@10.0.0.1: Permission denied (publickey).\r\n", BO_ENGINE_ERROR_AUTHENTICATION },
  { "Load key \"/k\": incorrect passphrase supplied to decrypt private key\r\na@b: Permission denied "
    "(publickey).\r\n",
    BO_ENGINE_ERROR_PASSPHRASE },
  { "ssh: Could not resolve hostname nope: Name or service not known\r\n", BO_ENGINE_ERROR_NAME_RESOLUTION },
  { "ssh: connect to host 10.0.0.1 port 22: Connection refused\r\n", BO_ENGINE_ERROR_REFUSED },
  { "ssh: connect to host 10.0.0.1 port 22: Connection timed out\r\n", BO_ENGINE_ERROR_TIMED_OUT },
  { "ssh: connect to host 10.0.0.1 port 22: No route to host\r\n", BO_ENGINE_ERROR_UNREACHABLE },
  { "Connection timed out during banner exchange\r\n", BO_ENGINE_ERROR_TIMED_OUT },
  { "Timeout, server 10.0.0.1 not responding.\r\n", BO_ENGINE_ERROR_TIMED_OUT },
  { "mux_client_request_session: session request failed: Session open refused by peer\r\n",
    BO_ENGINE_ERROR_TOO_MANY_SESSIONS },
  { "channel 2: open failed: administratively prohibited: open failed\r\n",
    BO_ENGINE_ERROR_FORWARDING_REFUSED },
  { "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\n",
    BO_ENGINE_ERROR_AUTHENTICATION },
  /* pam_nologin, while the device starts or ends: it passes. */
  { "\"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For "
    "technical details, see pam_nologin(8).\"\r\nConnection closed by 10.0.0.1 port 22\r\n",
    BO_ENGINE_ERROR_UNREACHABLE },
  { "The system is going down for reboot NOW!\r\na@b: Permission denied (publickey).\r\n",
    BO_ENGINE_ERROR_UNREACHABLE },
};

static void
test_words (void)
{
  g_autofree char *tidy = NULL;
  g_autofree char *many = g_strnfill (100000, 'x');
  g_autofree char *cut = NULL;
  g_autofree char *own = NULL;
  BoEngineError code;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_assert_true (bo_ssh_words_classify (words[i].words, &code));
      g_assert_cmpint (code, ==, words[i].code);
    }
  g_assert_false (bo_ssh_words_classify ("Welcome to Ubuntu", &code));

  tidy = bo_ssh_words_tidy ("@@@@\r\n\r\n@  WARNING  @\r\n\x1b[31mred\xff\n");
  g_assert_cmpstr (tidy, ==, "@  WARNING  @\n[31mred\xef\xbf\xbd");
  own = bo_ssh_words_without_channels ("channel 2: open failed: administratively prohibited: open failed\r\n"
                                       "Timeout, server 10.0.0.1 not responding.\r\n"
                                       "channel 3: open failed: connect failed: Connection refused\r\n");
  g_assert_cmpstr (own, ==, "Timeout, server 10.0.0.1 not responding.\r\n");
  cut = bo_ssh_words_tidy (many);
  g_assert_cmpuint (strlen (cut), <, 2100);
}

static void
test_preflight (void)
{
  static const struct
  {
    const char *output;
    const char *path; /* NULL: an error, or nothing known */
    int code;         /* -1: none */
    gboolean is_silent;
  } cases[] = {
    { "motd\nbakeoff-preflight:docker yes\nbakeoff-preflight:socket ok "
      "/var/run/docker.sock\nbakeoff-preflight:end\n",
      "/var/run/docker.sock", -1 },
    { "bakeoff-preflight:socket missing /a\nbakeoff-preflight:socket ok /b c\r\nbakeoff-preflight:end\n",
      "/b c", -1 },
    { "bakeoff-preflight:socket ok /a\nbakeoff-preflight:silent /a\nbakeoff-preflight:end\n", "/a", -1, TRUE },
    /* Another socket's silence says nothing of the one that is taken. */
    { "bakeoff-preflight:socket ok /a\nbakeoff-preflight:socket ok /b\nbakeoff-preflight:silent /b\n"
      "bakeoff-preflight:end\n",
      "/a", -1, FALSE },
    { "bakeoff-preflight:user me\nbakeoff-preflight:socket missing /a\nbakeoff-preflight:socket denied /b\n"
      "bakeoff-preflight:end\n",
      NULL, BO_ENGINE_ERROR_SOCKET_DENIED },
    { "bakeoff-preflight:socket other /a\nbakeoff-preflight:end\n", NULL, BO_ENGINE_ERROR_SOCKET_MISSING },
    { "bakeoff-preflight:end\n", NULL, BO_ENGINE_ERROR_SOCKET_MISSING },
    /* Cut short, or a forced command's words. */
    { "bakeoff-preflight:socket ok /a\n", NULL, -1 },
    { "This account is for backups only.\n", NULL, -1 },
    { "", NULL, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BoSshPreflight) found = bo_ssh_preflight_read (cases[i].output, "ssh://host", &error);

      if (cases[i].code >= 0)
        {
          g_assert_null (found);
          g_assert_error (error, BO_ENGINE_ERROR, cases[i].code);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (found->path, ==, cases[i].path);
      g_assert_cmpint (found->is_known, ==, cases[i].path != NULL);
      g_assert_cmpint (found->has_docker, ==, i == 0);
      g_assert_cmpint (found->is_silent, ==, cases[i].is_silent);
    }
}

static BoSshPreflight *
run_preflight (const char *path, GError **error)
{
  g_autofree char *script = bo_ssh_preflight_make_script (path);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) failure = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &failure, "sh", "-s",
                              NULL);
  g_assert_no_error (failure);
  g_assert_true (g_subprocess_communicate_utf8 (process, script, NULL, &output, NULL, &failure));
  g_assert_true (g_subprocess_get_successful (process));
  return bo_ssh_preflight_read (output, "ssh://host", error);
}

/* Whether somebody listens, by this computer's sh: on a socket, also through a link, and when nobody does any more. */
static void
test_preflight_silent (void)
{
  g_autoptr (GError) error = NULL;
  /* Not in /tmp, where a rootless engine's socket may be. */
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *folder = g_build_filename (here, "preflight-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autofree char *link = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) listener = NULL;

  g_assert_nonnull (g_mkdtemp (folder));
  path = g_build_filename (folder, "s", NULL);
  link = g_build_filename (folder, "link", NULL);
  if (strlen (path) > 100 || g_str_has_prefix (path, "/tmp/") || g_str_has_prefix (path, "/run/user/")
      || g_access ("/proc/net/unix", R_OK) != 0)
    {
      g_rmdir (folder);
      g_test_skip ("no place for a socket");
      return;
    }
  g_assert_cmpint (symlink (folder, link), ==, 0);
  address = g_unix_socket_address_new (path);
  listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_true (g_socket_bind (listener, address, FALSE, &error) && g_socket_listen (listener, &error));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *through = g_build_filename (link, "s", NULL);
      g_autoptr (BoSshPreflight) found = run_preflight (i == 1 ? through : path, &error);

      g_assert_no_error (error);
      g_assert_cmpint (found->is_silent, ==, i == 2);
      if (i == 1)
        g_socket_close (listener, NULL);
    }
  g_unlink (path);
  g_unlink (link);
  g_rmdir (folder);
}

/* A path of a hostile kind stays a path. */
static void
test_preflight_script (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoSshPreflight) found = run_preflight ("/tmp/$(exit 7)'\"; exit 8; '", &error);

  g_assert_null (found);
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_SOCKET_MISSING);
  g_assert_nonnull (strstr (error->message, "/tmp/$(exit 7)'\"; exit 8; '"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ssh/words", test_words);
  g_test_add_func ("/ssh/preflight", test_preflight);
  g_test_add_func ("/ssh/preflight-script", test_preflight_script);
  g_test_add_func ("/ssh/preflight-silent", test_preflight_silent);

  return g_test_run ();
}
