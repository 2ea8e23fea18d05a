/** Hosts of one-click extensions leave the manifest's placeholder in the variable of a field that was not filled in. */
export const isSet = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== '' && !text.trim().startsWith('${user_config.');
