/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-engine-images.h"
#include "engine/bo-engine-info.h"
#include "engine/bo-engine.h"
#include "study/bo-json.h"

/* A fake engine: SoupServer on a Unix socket, told per test what to say. */
typedef struct
{
  char *folder;
  char *path;
  SoupServer *server;
  const char *api_version; /* NULL: not an engine */
  BoEngine *engine;        /* (nullable) */
} Fixture;

static void
ping_handler (SoupServer *server,
              SoupServerMessage *msg,
              const char *path,
              GHashTable *query,
              gpointer user_data)
{
  Fixture *fixture = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);

  if (fixture->api_version != NULL)
    {
      /* Go writes them in its own canonical case. */
      soup_message_headers_append (headers, "Api-Version", fixture->api_version);
      soup_message_headers_append (headers, "Ostype", "linux");
      soup_message_headers_append (headers, "Builder-Version", "2");
    }
  soup_server_message_set_status (msg, 200, NULL);
  soup_server_message_set_response (msg, "text/plain", SOUP_MEMORY_STATIC, "OK", 2);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bakeoff-engine-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "docker.sock", NULL);
  fixture->api_version = "1.41";
  fixture->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  address = g_unix_socket_address_new (fixture->path);
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  g_socket_bind (socket, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);
  soup_server_listen_socket (fixture->server, socket, 0, &error);
  g_assert_no_error (error);
  soup_server_add_handler (fixture->server, "/_ping", ping_handler, fixture, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->engine);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Runs the main loop until *@result is there, at most a minute. */
static GAsyncResult *
wait_for (GAsyncResult **result)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (*result == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (200);
    }
  return *result;
}

static BoEngine *
open_engine (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *text = g_strdup_printf ("unix://%s", fixture->path);
  g_autoptr (BoDeviceUrl) url = bo_device_url_parse (text, NULL);

  bo_engine_open_async (url, NULL, result_cb, &result);
  g_clear_object (&fixture->engine);
  fixture->engine = bo_engine_open_finish (wait_for (&result), error);
  return fixture->engine;
}

static JsonNode *
request (Fixture *fixture, BoEngineRequest *request_, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bo_engine_request_async (fixture->engine, request_, NULL, result_cb, &result);
  return bo_engine_request_finish (fixture->engine, wait_for (&result), error);
}

static void
test_negotiation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_engine (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bo_engine_get_api_version (fixture->engine), ==, "1.41");
  g_assert_cmpstr (bo_engine_get_builder_version (fixture->engine), ==, "2");
  g_assert_true (bo_engine_has_api (fixture->engine, 1, 41));
  g_assert_false (bo_engine_has_api (fixture->engine, 1, 42));

  fixture->api_version = "1.55";
  open_engine (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bo_engine_get_api_version (fixture->engine), ==, BO_ENGINE_API_MAX);
  g_assert_cmpstr (bo_engine_get_engine_api_version (fixture->engine), ==, "1.55");

  /* As a number 1.9 is more than 1.41. */
  fixture->api_version = "1.9";
  g_assert_null (open_engine (fixture, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_TOO_OLD);
  g_clear_error (&error);

  fixture->api_version = NULL;
  g_assert_null (open_engine (fixture, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_AN_ENGINE);
  g_clear_error (&error);

  fixture->api_version = "banana";
  g_assert_null (open_engine (fixture, &error));
  g_assert_error (error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_NOT_AN_ENGINE);
}

typedef struct
{
  guint status;
  const char *type;
  const char *text;
  BoEngineError code;
  const char *words;
} Refusal;

static const Refusal refusals[] = {
  { 400, "application/json",
    "{\"message\":\"client version 1.51 is too new. Maximum supported API version is 1.41\"}",
    BO_ENGINE_ERROR_TOO_OLD, "is too new" },
  { 400, "application/json",
    "{\"message\":\"client version 1.51 is too old. Minimum supported API version is 1.60\"}",
    BO_ENGINE_ERROR_TOO_NEW, "is too old" },
  { 400, "text/plain", "client version 1.10 is too old\n", BO_ENGINE_ERROR_TOO_NEW, "is too old" },
  { 404, "application/json", "{\"message\":\"No such image: nope\"}", BO_ENGINE_ERROR_NOT_FOUND,
    "No such image: nope" },
  { 409, "application/json", "{\"message\":\"conflict\"}", BO_ENGINE_ERROR_CONFLICT, "conflict" },
  { 400, "application/json", "{\"message\":\"Unknown runtime specified nvidia\"}",
    BO_ENGINE_ERROR_UNKNOWN_RUNTIME, "nvidia" },
  { 400, "application/json", "{\"message\":\"unknown or invalid runtime name: nvidia\"}",
    BO_ENGINE_ERROR_UNKNOWN_RUNTIME, "nvidia" },
  { 500, "application/json",
    "{\"message\":\"could not select device driver \\\"\\\" with capabilities: [[gpu]]\"}",
    BO_ENGINE_ERROR_NO_DEVICE_DRIVER, "device driver" },
  { 500, "application/json", "{\"message\":\"write /x: no space left on device\"}", BO_ENGINE_ERROR_DISK_FULL,
    "no space" },
  { 500, "application/json",
    "{\"message\":\"can only create exec sessions on running containers: container state improper\"}",
    BO_ENGINE_ERROR_CONFLICT, "running containers" },
  { 404, "application/json",
    "{\"message\":\"pull access denied for x, repository does not exist or may require 'docker login'\"}",
    BO_ENGINE_ERROR_UNAUTHORIZED, "pull access denied" },
  { 500, "application/json",
    "{\"message\":\"Get \\\"https://nvcr.io/v2/\\\": dial tcp: lookup nvcr.io: no such host\"}",
    BO_ENGINE_ERROR_REGISTRY, "no such host" },
  { 500, "application/json", "{\"message\":\"boom\"}", BO_ENGINE_ERROR_SERVER, "boom" },
  { 500, "application/json", "{\"message\":17}", BO_ENGINE_ERROR_SERVER, "17" },
  { 500, "text/plain", "", BO_ENGINE_ERROR_SERVER, "500" },
  { 500, "text/plain", "\xff\xfe", BO_ENGINE_ERROR_SERVER, "\xef\xbf\xbd" },
  { 418, "text/plain", "teapot", BO_ENGINE_ERROR_PROTOCOL, "teapot" },
};

static void
refusal_handler (SoupServer *server,
                 SoupServerMessage *msg,
                 const char *path,
                 GHashTable *query,
                 gpointer user_data)
{
  const Refusal *refusal = user_data;

  soup_server_message_set_status (msg, refusal->status, NULL);
  soup_server_message_set_response (msg, refusal->type, SOUP_MEMORY_STATIC, refusal->text,
                                    strlen (refusal->text));
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  open_engine (fixture, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (JsonNode) node = NULL;

      soup_server_add_handler (fixture->server, "/v1.41/x", refusal_handler, (gpointer) &refusals[i], NULL);
      node = request (fixture, bo_engine_request_new ("GET", "/x"), &error);
      g_assert_null (node);
      g_test_message ("%u: %s", refusals[i].status, error->message);
      g_assert_error (error, BO_ENGINE_ERROR, (int) refusals[i].code);
      g_assert_nonnull (strstr (error->message, refusals[i].words));
      g_clear_error (&error);
    }
}

static const char info_text[]
    = "{\"ID\":\"AB:CD\",\"Name\":\"jetson\",\"ServerVersion\":\"20.10.24\",\"OperatingSystem\":\"Ubuntu "
      "22.04\","
      "\"KernelVersion\":\"5.15.148-tegra\",\"Architecture\":\"aarch64\",\"NCPU\":8,\"MemTotal\":65890545664,"
      "\"Driver\":\"overlay2\",\"DriverStatus\":[[\"Backing Filesystem\",\"extfs\"],[\"odd\"],7],"
      "\"DefaultRuntime\":\"nvidia\",\"Runtimes\":{\"runc\":{},\"nvidia\":{\"path\":\"x\"}},"
      "\"DockerRootDir\":\"/var/lib/docker\",\"CgroupVersion\":\"2\",\"Warnings\":[\"No "
      "swap\",3],\"Images\":\"many\"}";

static void
text_handler (SoupServer *server,
              SoupServerMessage *msg,
              const char *path,
              GHashTable *query,
              gpointer user_data)
{
  const char *text = user_data;

  soup_server_message_set_status (msg, 200, NULL);
  soup_server_message_set_response (msg, "application/json", SOUP_MEMORY_STATIC, text, strlen (text));
}

static void
test_info (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineInfo) info = NULL;

  open_engine (fixture, &error);
  g_assert_no_error (error);
  soup_server_add_handler (fixture->server, "/v1.41/info", text_handler, (gpointer) info_text, NULL);
  soup_server_add_handler (fixture->server, "/v1.41/version", text_handler,
                           (gpointer) "{\"Components\":[{\"Name\":\"Podman Engine\"}]}", NULL);
  bo_engine_info_async (fixture->engine, NULL, result_cb, &result);
  info = bo_engine_info_finish (fixture->engine, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->name, ==, "jetson");
  g_assert_cmpint (info->memory, ==, G_GINT64_CONSTANT (65890545664));
  g_assert_cmpuint (info->n_cpus, ==, 8);
  g_assert_cmpint (info->n_images, ==, 0);
  g_assert_cmpuint (info->driver_status->len, ==, 1);
  g_assert_cmpuint (info->warnings->len, ==, 1);
  g_assert_cmpuint (info->runtimes->len, ==, 2);
  g_assert_true (bo_engine_info_has_runtime (info, "nvidia"));
  g_assert_false (bo_engine_info_has_runtime (info, "crun"));
  g_assert_cmpstr (info->api_version, ==, "1.41");
  g_assert_false (info->is_containerd_store);
  g_assert_true (info->is_podman);
}

static void
test_inspect (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoEngineImage) image = NULL;

  open_engine (fixture, &error);
  g_assert_no_error (error);
  soup_server_add_handler (fixture->server, "/v1.41/images/nvcr.io/nvidia/l4t:r36/json", text_handler,
                           (gpointer) "{\"Id\":\"sha256:1\",\"Size\":123456789012,\"RepoTags\":null,"
                                      "\"RootFS\":{\"Layers\":[\"a\",\"b\"]},"
                                      "\"Config\":{\"Env\":[\"PATH=/bin\"],\"Labels\":{\"k\":\"v\"}}}",
                           NULL);
  bo_engine_inspect_image_async (fixture->engine, "nvcr.io/nvidia/l4t:r36", NULL, result_cb, &result);
  image = bo_engine_inspect_image_finish (fixture->engine, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (image->id, ==, "sha256:1");
  g_assert_cmpint (image->size, ==, G_GINT64_CONSTANT (123456789012));
  g_assert_cmpuint (image->tags->len, ==, 0);
  g_assert_cmpuint (image->layers->len, ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (image->labels, "k"), ==, "v");
}

static void
test_request_target (void)
{
  g_autoptr (BoEngineRequest) plain = bo_engine_request_new ("GET", "/info");
  g_autoptr (BoEngineRequest) full = bo_engine_request_new ("POST", "/images/create");
  g_autofree char *plain_target = bo_engine_request_make_target (plain, "1.41");
  g_autofree char *full_target = NULL;
  g_autofree char *escaped = bo_engine_request_escape ("../a b?/..x/./:1@sha256:2#");

  g_assert_cmpstr (plain_target, ==, "/v1.41/info");
  bo_engine_request_add_query (full, "tag", "a&b=c d");
  bo_engine_request_add_query (full, "platform", NULL);
  bo_engine_request_add_filter (full, "label", "x=1");
  bo_engine_request_add_filter (full, "label", "y");
  full_target = bo_engine_request_make_target (full, "1.41");
  g_assert_cmpstr (full_target, ==,
                   "/v1.41/images/create?tag=a%26b%3Dc%20d"
                   "&filters=%7B%22label%22%3A%7B%22x%3D1%22%3Atrue%2C%22y%22%3Atrue%7D%7D");
  g_assert_cmpstr (escaped, ==, "%2E%2E/a%20b%3F/..x/%2E/:1@sha256:2%23");
}

#define add(path, function) g_test_add ("/engine/" path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/request-target", test_request_target);
  add ("negotiation", test_negotiation);
  add ("refusals", test_refusals);
  add ("info", test_info);
  add ("inspect", test_inspect);

  return g_test_run ();
}
