/** The compiler's version: part of every cache key and of every module's banner. Equal to package.json's (tested). */
export const VERSION = "0.1.0";
