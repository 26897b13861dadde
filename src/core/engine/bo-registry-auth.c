/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-registry-auth"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "engine/bo-engine-error.h"
#include "engine/bo-registry-auth.h"
#include "study/bo-json.h"

/* By this user name a helper says that the secret is an identity token. */
#define TOKEN_USER "<token>"

typedef struct
{
  char *key;
  char *helper;
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  g_free (lookup->key);
  g_free (lookup->helper);
  g_free (lookup);
}

static char *
get_config_path (void)
{
  const char *folder = g_getenv ("DOCKER_CONFIG");

  if (folder != NULL && folder[0] != '\0')
    return g_build_filename (folder, "config.json", NULL);
  return g_build_filename (g_get_home_dir (), ".docker", "config.json", NULL);
}

/* The value of X-Registry-Auth: JSON in URL-safe base64, with padding. */
static char *
make_header (const char *key, const char *user, const char *secret, const char *identity_token)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  char *header;

  if (identity_token != NULL)
    json_object_set_string_member (object, "identitytoken", identity_token);
  else
    {
      json_object_set_string_member (object, "username", user);
      json_object_set_string_member (object, "password", secret);
    }
  json_object_set_string_member (object, "serveraddress", key);
  node = json_node_init_object (json_node_alloc (), object);
  text = bo_json_node_to_text (node, FALSE);
  header = g_base64_encode ((const guchar *) text, strlen (text));
  g_strdelimit (header, "+", '-');
  g_strdelimit (header, "/", '_');
  return header;
}

/* "https://host:5000/v1/" becomes "host:5000": old versions of the docker command wrote whole URLs. */
static char *
key_to_host (const char *key)
{
  const char *scheme = strstr (key, "://");
  const char *host = scheme == NULL ? key : scheme + 3;

  return g_strndup (host, strcspn (host, "/"));
}

static JsonObject *
find_entry (JsonObject *auths, const char *key)
{
  JsonObject *entry = bo_json_get_object (auths, key);
  g_autofree char *host = key_to_host (key);
  g_autoptr (GList) members = NULL;

  if (entry != NULL || auths == NULL)
    return entry;
  members = json_object_get_members (auths);
  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *other = key_to_host (l->data);

      if (strcmp (other, host) == 0)
        return bo_json_get_object (auths, l->data);
    }
  return NULL;
}

/* What config.json itself holds. */
static char *
read_entry (JsonObject *config, const char *key, GError **error)
{
  JsonObject *entry = find_entry (bo_json_get_object (config, "auths"), key);
  const char *token = bo_json_get_string (entry, "identitytoken", "");
  const char *auth = bo_json_get_string (entry, "auth", "");
  const char *user = bo_json_get_string (entry, "username", "");
  const char *secret = bo_json_get_string (entry, "password", "");
  g_autofree char *decoded = NULL;
  char *colon;
  gsize length;

  if (token[0] != '\0')
    return make_header (key, NULL, NULL, token);
  if (auth[0] == '\0')
    return user[0] == '\0' ? NULL : make_header (key, user, secret, NULL);

  decoded = (char *) g_base64_decode (auth, &length);
  colon = decoded == NULL ? NULL : memchr (decoded, ':', length);
  if (colon == NULL || !g_utf8_validate (decoded, (gssize) length, NULL))
    {
      g_set_error (
          error, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
          _ ("the saved credentials for %s are damaged (“auth” in the docker command's config.json)"), key);
      return NULL;
    }
  *colon = '\0';
  return make_header (key, decoded, colon + 1, NULL);
}

static void
helper_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  GSubprocess *process = G_SUBPROCESS (source);
  g_autofree char *output = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  const char *user, *secret;

  if (!g_subprocess_communicate_utf8_finish (process, result, &output, NULL, &error))
    {
      g_subprocess_force_exit (process);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_error (task, g_steal_pointer (&error));
      else
        g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
                                 _ ("“%s” gives no credentials for %s: %s"), lookup->helper, lookup->key,
                                 error->message);
      return;
    }
  if (!g_subprocess_get_successful (process))
    {
      /* A helper says on its standard output why it failed. Having nothing is no failure. */
      if (strstr (output, "credentials not found") != NULL)
        g_task_return_pointer (task, NULL, NULL);
      else
        g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
                                 _ ("“%s” gives no credentials for %s: %.500s"), lookup->helper, lookup->key,
                                 g_strstrip (output));
      return;
    }

  node = bo_json_parse (output, -1, NULL);
  user = bo_json_get_string (bo_json_node_get_object (node), "Username", NULL);
  secret = bo_json_get_string (bo_json_node_get_object (node), "Secret", NULL);
  if (user == NULL || secret == NULL)
    {
      /* Not its words: the secret may be among them. */
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
                               _ ("the answer of “%s” for %s has no user name and secret"), lookup->helper,
                               lookup->key);
      return;
    }
  if (strcmp (user, TOKEN_USER) == 0)
    g_task_return_pointer (task, make_header (lookup->key, NULL, NULL, secret), g_free);
  else
    g_task_return_pointer (task, make_header (lookup->key, user, secret, NULL), g_free);
}

static void
ask_helper (GTask *task, const char *name)
{
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  lookup->helper = g_strconcat ("docker-credential-", name, NULL);
  if (strchr (name, '/') != NULL)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
                               _ ("“%s” is not the name of a credential helper"), name);
      return;
    }
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                  | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              &error, lookup->helper, "get", NULL);
  if (process == NULL)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
                               _ ("the credential helper “%s” cannot be started: %s"), lookup->helper,
                               error->message);
      return;
    }
  g_subprocess_communicate_utf8_async (process, lookup->key, g_task_get_cancellable (task), helper_cb,
                                       g_object_ref (task));
}

/**
 * bo_registry_auth_lookup_async:
 * @key: what bo_image_ref_get_auth_key() says
 *
 * Looks for credentials where the docker command does: the helper that
 * config.json names for this registry, else the one for all, else config.json.
 */
void
bo_registry_auth_lookup_async (const char *key,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *path = get_config_path ();
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *config;
  Lookup *lookup;
  const char *helper;
  gsize length;
  char *header;

  g_return_if_fail (key != NULL);

  g_task_set_source_tag (task, bo_registry_auth_lookup_async);
  lookup = g_new0 (Lookup, 1);
  lookup->key = g_strdup (key);
  g_task_set_task_data (task, lookup, (GDestroyNotify) lookup_free);

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
          || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
        g_task_return_pointer (task, NULL, NULL);
      else
        g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS, "%s", error->message);
      return;
    }
  /* The parser's own message could quote the line that it stumbles over. */
  node = bo_json_parse (text, (gssize) length, NULL);
  config = bo_json_node_get_object (node);
  if (config == NULL)
    {
      g_task_return_new_error (task, BO_ENGINE_ERROR, BO_ENGINE_ERROR_CREDENTIALS,
                               _ ("“%s” is not a JSON object"), path);
      return;
    }

  helper = bo_json_get_string (bo_json_get_object (config, "credHelpers"), key, NULL);
  if (helper == NULL)
    helper = bo_json_get_string (config, "credsStore", "");
  if (helper[0] != '\0')
    {
      ask_helper (task, helper);
      return;
    }
  header = read_entry (config, key, &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, header, g_free);
}

/**
 * bo_registry_auth_lookup_finish:
 *
 * Returns: (transfer full) (nullable): the value of the header X-Registry-Auth;
 * %NULL without @error when there are no credentials
 */
char *
bo_registry_auth_lookup_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
