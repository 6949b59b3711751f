/** Ties an object's methods to it, so that `const { t } = engine` works as it reads. */
export function bindMethods(object: object): void {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)));
  for (const [name, { value }] of methods) {
    if (typeof value === "function" && name !== "constructor")
      Object.assign(object, { [name]: value.bind(object) });
  }
}
