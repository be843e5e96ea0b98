'use strict';

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
  // No badge that sends the document to somebody else's validator.
  validatorUrl: null,
});
