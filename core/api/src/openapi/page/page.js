// Starts Swagger UI on our own description. Nothing is fetched from elsewhere: no validator, no fonts, no icons.

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function followTheScheme() {
  document.documentElement.classList.toggle("dark-mode", prefersDark.matches);
}

prefersDark.addEventListener("change", followTheScheme);
followTheScheme();

SwaggerUIBundle({
  url: "openapi.json",
  domNode: document.getElementById("description"),
  deepLinking: true,
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: false,
  displayOperationId: true,
  showExtensions: true,
  tryItOutEnabled: false,
});
