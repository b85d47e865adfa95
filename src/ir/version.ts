/**
 * The compiler's version, which is part of cache keys and of modules' banners.
 *
 * A test holds it equal to the version in package.json.
 */
export const VERSION = "0.1.0";
