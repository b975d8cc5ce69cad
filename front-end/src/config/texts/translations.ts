/** Texts of the fields for texts in further languages. */

export const translations = {
  label: (field: string, language: string) => `${field} in ${language}`,
  add: (field: string) => `Add “${field}” in another language`,
  remove: (language: string) => `Remove ${language}`,
  removeShort: 'Remove',
} as const;
