/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-engine-request"

#include "config.h"

#include <string.h>

#include "engine/bo-engine-request.h"
#include "study/bo-json.h"

struct _BoEngineRequest
{
  char *method;
  GString *target; /* path, then '?' and the query */
  gboolean has_query;
  JsonObject *filters; /* (nullable): key -> { value: true } */
  GPtrArray *headers;  /* "Name: value" */
  char *content_type;
  GInputStream *body;
  gssize length;
  gboolean patient;
};

/**
 * bo_engine_request_new:
 * @method: "GET", "POST", ...
 * @format: printf format of the path, from the '/' behind the API version;
 *   what it puts in must have gone through bo_engine_request_escape()
 *
 * Returns: (transfer full): a request without query and body
 */
BoEngineRequest *
bo_engine_request_new (const char *method, const char *format, ...)
{
  BoEngineRequest *request = g_new0 (BoEngineRequest, 1);
  va_list args;

  request->method = g_strdup (method);
  request->target = g_string_new (NULL);
  va_start (args, format);
  g_string_append_vprintf (request->target, format, args);
  va_end (args);
  request->headers = g_ptr_array_new_with_free_func (g_free);
  request->length = -1;
  return request;
}

void
bo_engine_request_free (BoEngineRequest *request)
{
  g_return_if_fail (request != NULL);

  g_free (request->method);
  g_string_free (request->target, TRUE);
  g_clear_pointer (&request->filters, json_object_unref);
  g_ptr_array_unref (request->headers);
  g_free (request->content_type);
  g_clear_object (&request->body);
  g_free (request);
}

/**
 * bo_engine_request_escape:
 * @segment: a name or an image reference
 *
 * Returns: (transfer full): @segment for use in a path. The '/' and ':' of image
 * references stay: the engine's routes match them as they are. A ".." would be
 * resolved before the engine sees it, so its dots are escaped.
 */
char *
bo_engine_request_escape (const char *segment)
{
  g_autofree char *escaped = NULL;
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (segment != NULL, NULL);

  escaped = g_uri_escape_string (segment, "/:@", FALSE);
  parts = g_strsplit (escaped, "/", -1);
  for (char **part = parts; *part != NULL; part++)
    {
      if (g_str_equal (*part, ".") || g_str_equal (*part, ".."))
        {
          char *dots = g_strdup ((*part)[1] == '\0' ? "%2E" : "%2E%2E");

          g_free (*part);
          *part = dots;
        }
    }
  return g_strjoinv ("/", parts);
}

/**
 * bo_engine_request_add_query:
 * @value: (nullable): the value; %NULL adds nothing
 *
 * Adds a parameter; both sides are escaped here. The same name may come again.
 */
void
bo_engine_request_add_query (BoEngineRequest *request, const char *name, const char *value)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (request != NULL && name != NULL);

  if (value == NULL)
    return;
  escaped = g_uri_escape_string (value, NULL, FALSE);
  g_string_append_printf (request->target, "%c%s=%s", request->has_query ? '&' : '?', name, escaped);
  request->has_query = TRUE;
}

/**
 * bo_engine_request_add_filter:
 *
 * Adds to the "filters" parameter, in the form that every engine reads:
 * `{"key":{"value":true}}`.
 */
void
bo_engine_request_add_filter (BoEngineRequest *request, const char *key, const char *value)
{
  JsonObject *values;

  g_return_if_fail (request != NULL && key != NULL && value != NULL);

  if (request->filters == NULL)
    request->filters = json_object_new ();
  values = bo_json_get_object (request->filters, key);
  if (values == NULL)
    {
      values = json_object_new ();
      json_object_set_object_member (request->filters, key, values);
    }
  json_object_set_boolean_member (values, value, TRUE);
}

void
bo_engine_request_add_header (BoEngineRequest *request, const char *name, const char *value)
{
  g_return_if_fail (request != NULL && name != NULL && value != NULL);

  g_ptr_array_add (request->headers, g_strdup_printf ("%s: %s", name, value));
}

void
bo_engine_request_set_body_json (BoEngineRequest *request, JsonNode *node)
{
  char *text;
  gsize length;

  g_return_if_fail (request != NULL && node != NULL);

  text = bo_json_node_to_text (node, FALSE);
  length = strlen (text);
  g_set_object (&request->body, NULL);
  request->body = g_memory_input_stream_new_from_data (text, (gssize) length, g_free);
  request->length = (gssize) length;
  g_free (request->content_type);
  request->content_type = g_strdup ("application/json");
}

/**
 * bo_engine_request_set_body_stream:
 * @length: bytes, or -1 when not known (the body is then sent in chunks)
 */
void
bo_engine_request_set_body_stream (BoEngineRequest *request,
                                   const char *content_type,
                                   GInputStream *stream,
                                   gssize length)
{
  g_return_if_fail (request != NULL && G_IS_INPUT_STREAM (stream));

  g_set_object (&request->body, stream);
  request->length = length;
  g_free (request->content_type);
  request->content_type = g_strdup (content_type);
  request->patient = TRUE;
}

/**
 * bo_engine_request_set_patient:
 *
 * The engine may be silent for as long as it likes: a pull, a wait, a removal
 * of many layers. Without this an answer must come within a minute.
 */
void
bo_engine_request_set_patient (BoEngineRequest *request)
{
  g_return_if_fail (request != NULL);

  request->patient = TRUE;
}

/**
 * bo_engine_request_make_target:
 *
 * Returns: (transfer full): "/v1.41/path?query"
 */
char *
bo_engine_request_make_target (BoEngineRequest *request, const char *api_version)
{
  g_autofree char *filters = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (request != NULL && api_version != NULL, NULL);

  if (request->filters != NULL)
    {
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), request->filters);

      filters = bo_json_node_to_text (node, FALSE);
      escaped = g_uri_escape_string (filters, NULL, FALSE);
    }
  return g_strdup_printf ("/v%s%s%s%s", api_version, request->target->str,
                          escaped == NULL ? "" : (request->has_query ? "&filters=" : "?filters="),
                          escaped == NULL ? "" : escaped);
}

const char *
bo_engine_request_get_method (BoEngineRequest *request)
{
  return request->method;
}

gboolean
bo_engine_request_is_patient (BoEngineRequest *request)
{
  return request->patient;
}

/**
 * bo_engine_request_get_body:
 *
 * Returns: (transfer none) (nullable): the body
 */
GInputStream *
bo_engine_request_get_body (BoEngineRequest *request, const char **content_type, gssize *length)
{
  *content_type = request->content_type;
  *length = request->length;
  return request->body;
}

void
bo_engine_request_foreach_header (BoEngineRequest *request, GFunc func, gpointer user_data)
{
  g_ptr_array_foreach (request->headers, func, user_data);
}
