/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "engine/bo-device-url.h"
#include "engine/bo-engine-error.h"

typedef struct
{
  const char *text;
  BoDeviceScheme scheme;
  const char *user;
  const char *host;
  guint port;
  const char *path;
  const char *printed; /* NULL: as it was */
} Good;

static const Good good[] = {
  { "unix:///var/run/docker.sock", BO_DEVICE_UNIX, NULL, NULL, 0, "/var/run/docker.sock" },
  { "ssh://jetson", BO_DEVICE_SSH, NULL, "jetson", 0, NULL },
  { "ssh://jetson/", BO_DEVICE_SSH, NULL, "jetson", 0, NULL, "ssh://jetson" },
  { "ssh://nvidia@10.0.0.7:2222", BO_DEVICE_SSH, "nvidia", "10.0.0.7", 2222, NULL },
  { "ssh://nvidia@jetson/run/user/1000/docker.sock", BO_DEVICE_SSH, "nvidia", "jetson", 0,
    "/run/user/1000/docker.sock" },
  { "ssh://jetson/with%20space.sock", BO_DEVICE_SSH, NULL, "jetson", 0, "/with space.sock" },
  { "ssh://a@[fe80::1%25eth0]:22", BO_DEVICE_SSH, "a", "fe80::1%25eth0", 22, NULL },
  { "ssh://[2001:db8::7]", BO_DEVICE_SSH, NULL, "2001:db8::7", 0, NULL },
  { "tcp://jetson:2376", BO_DEVICE_TCP, NULL, "jetson", 2376, NULL },
  { "tcp://jetson", BO_DEVICE_TCP, NULL, "jetson", 0, NULL },
};

typedef struct
{
  const char *text;
  const char *words; /* what the message must contain */
} Bad;

static const Bad bad[] = {
  { "", "empty" },
  { "/var/run/docker.sock", "unix:///var/run/docker.sock" },
  { "nvidia@jetson", "ssh://nvidia@jetson" },
  { "-oProxyCommand=touch /tmp/x", "begins with" },
  { "ssh://-oProxyCommand=id", "begins with" },
  { "ssh://-l@jetson", "begins with" },
  { "ssh://user@-host", "begins with" },
  { "ssh://", "host is missing" },
  { "ssh://user@", "host is missing" },
  { "ssh://user:secret@jetson", "no password" },
  { "ssh://jetson:0", "port" },
  { "ssh://jetson:65536", "port" },
  { "ssh://jetson:22x", "port" },
  { "ssh://jetson:", "port" },
  { "ssh://je tson", "not a host name" },
  { "ssh://$(id)", "not a host name" },
  { "ssh://a;b@jetson", "not a user name" },
  { "ssh://[::1", "no “]”" },
  { "ssh://[nonsense]", "not an IPv6 address" },
  { "ssh://2001:db8::7", "brackets" },
  { "ssh://jetson/%zz", "percent" },
  { "unix://relative.sock", "absolute path" },
  { "unix:/var/run/docker.sock", "//" },
  { "tcp://user@jetson:2376", "no user name" },
  { "tcp://jetson:2376/path", "no path" },
  { "ssh://jetson/run/a%0ab", "control character" },
  { "ssh://jetson/run/a%ffb", "UTF-8" },
  { "http://jetson:2375", "open to everyone" },
  { "https://jetson:2376", "tcp://" },
  { "npipe:////./pipe/docker_engine", "not one of unix, ssh and tcp" },
  { "ssh://jetson\n", "control character" },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BoDeviceUrl) url = bo_device_url_parse (good[i].text, &error);
      g_autoptr (BoDeviceUrl) copy = NULL;
      g_autofree char *printed = NULL;

      g_assert_no_error (error);
      g_assert_nonnull (url);
      copy = bo_device_url_copy (url);
      g_assert_cmpint (copy->scheme, ==, good[i].scheme);
      g_assert_cmpstr (copy->user, ==, good[i].user);
      g_assert_cmpstr (copy->host, ==, good[i].host);
      g_assert_cmpuint (copy->port, ==, good[i].port);
      g_assert_cmpstr (copy->path, ==, good[i].path);
      printed = bo_device_url_to_string (copy);
      g_assert_cmpstr (printed, ==, good[i].printed == NULL ? good[i].text : good[i].printed);
    }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BoDeviceUrl) url = bo_device_url_parse (bad[i].text, &error);

      g_assert_null (url);
      g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].words));
      g_assert_nonnull (bo_engine_error_get_remedy (error));
    }
}

static void
test_build (void)
{
  static const struct
  {
    BoDeviceScheme scheme;
    const char *user, *host, *port, *path;
    const char *text; /* NULL: it is refused */
  } cases[] = {
    { BO_DEVICE_SSH, "nvidia", "jetson.local", "2222", "/run/user/1000/docker.sock", "ssh://nvidia@jetson.local:2222/run/user/1000/docker.sock" },
    { BO_DEVICE_SSH, "", "orin", "", "", "ssh://orin" },
    { BO_DEVICE_SSH, NULL, "nvidia@orin", NULL, NULL, "ssh://nvidia@orin" },
    { BO_DEVICE_SSH, NULL, "fe80::1", "22", NULL, "ssh://[fe80::1]:22" },
    { BO_DEVICE_SSH, NULL, "[::1]", NULL, "/a b%c", "ssh://[::1]/a%20b%25c" },
    { BO_DEVICE_SSH, NULL, "orin:23", NULL, NULL, "ssh://orin:23" },
    { BO_DEVICE_SSH, NULL, "", NULL, NULL, NULL },
    { BO_DEVICE_SSH, NULL, "orin", NULL, "run/docker.sock", NULL },
    { BO_DEVICE_SSH, NULL, "orin/run/docker.sock", NULL, NULL, NULL },
    { BO_DEVICE_SSH, "a/b", "orin", NULL, NULL, NULL },
    { BO_DEVICE_SSH, "-oProxyCommand=x", "orin", NULL, NULL, NULL },
    { BO_DEVICE_SSH, NULL, "orin", "x", NULL, NULL },
    { BO_DEVICE_SSH, NULL, "orin", "22/a", NULL, NULL },
    { BO_DEVICE_SSH, NULL, "orin", "22@other", NULL, NULL },
    { BO_DEVICE_TCP, "left out", "orin", "2376", "/left/out", "tcp://orin:2376" },
    { BO_DEVICE_UNIX, "left out", "left out", "0", "/run/a b.sock", "unix:///run/a b.sock" },
    { BO_DEVICE_UNIX, NULL, NULL, NULL, "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BoDeviceUrl) url
          = bo_device_url_build (cases[i].scheme, cases[i].user, cases[i].host, cases[i].port, cases[i].path, &error);
      g_autofree char *text = url == NULL ? NULL : bo_device_url_to_string (url);

      g_test_message ("%u: %s", i, error != NULL ? error->message : text);
      g_assert_cmpstr (text, ==, cases[i].text);
      if (text == NULL)
        g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_URL);
    }
}

static void
test_default (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoDeviceUrl) from_env = NULL;
  g_autoptr (BoDeviceUrl) local = NULL;
  g_autoptr (BoDeviceUrl) wrong = NULL;

  g_setenv ("DOCKER_HOST", "ssh://jetson", TRUE);
  from_env = bo_device_url_new_default (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (from_env->host, ==, "jetson");

  g_unsetenv ("DOCKER_HOST");
  local = bo_device_url_new_default (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (local->path, ==, "/var/run/docker.sock");

  g_setenv ("DOCKER_HOST", "jetson", TRUE);
  wrong = bo_device_url_new_default (&error);
  g_assert_null (wrong);
  g_assert_true (g_str_has_prefix (error->message, "DOCKER_HOST: "));
  g_unsetenv ("DOCKER_HOST");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/device-url/good", test_good);
  g_test_add_func ("/device-url/bad", test_bad);
  g_test_add_func ("/device-url/build", test_build);
  g_test_add_func ("/device-url/default", test_default);

  return g_test_run ();
}
