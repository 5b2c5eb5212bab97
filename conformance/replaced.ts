/**
 * An object with some of its methods replaced: how mutants come between a daemon and its Host.
 */

/** The others are those of `target`, called on it: they may have private state. */
export function replaced<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_target, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
