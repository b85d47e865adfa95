/** The compiler's version: part of cache keys and of modules' banners. A test holds it equal to package.json's. */
export const VERSION = "0.1.0";
