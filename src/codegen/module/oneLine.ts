/** Text for a comment of one line: without the characters that would end the line. */
export const oneLine = (text: string): string => text.replace(/[\n\r\u2028\u2029]+/g, " ");
