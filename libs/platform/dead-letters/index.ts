export { deadLettersController } from './dead-letters.http.controller.js';
