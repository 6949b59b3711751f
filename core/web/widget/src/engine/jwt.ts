/** Reads when a token of the page ends. Who it speaks for is the gateway's to verify. */

/** The `exp` of a JWT in milliseconds, or none. */
export function endsAt(jwt: string): number | null {
  try {
    const payload = (jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const claims: unknown = JSON.parse(atob(payload));
    const exp = (claims as { exp?: unknown } | null)?.exp;
    return typeof exp === "number" && Number.isFinite(exp) && exp > 0 ? exp * 1000 : null;
  } catch {
    return null;
  }
}
