/** Text for a comment of one line, which nothing in it can end. */
export const oneLine = (text: string): string => text.replace(/[\n\r\u2028\u2029]+/g, " ");
