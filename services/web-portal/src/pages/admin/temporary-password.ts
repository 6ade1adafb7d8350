const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** 20 characters nobody has to type twice: it is changed at the next login. */
export function temporaryPassword(): string {
  return [...crypto.getRandomValues(new Uint32Array(20))].map((value) => letters[value % letters.length]).join('');
}
