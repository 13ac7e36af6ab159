/** The API's description, drawn by Swagger UI out of files of our own. */

const { SwaggerUIBundle } = /** @type {any} */ (globalThis);

SwaggerUIBundle({ url: "./openapi.json", dom_id: "#main", validatorUrl: null });
