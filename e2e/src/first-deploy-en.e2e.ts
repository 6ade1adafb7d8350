import { firstDeploy } from './first-deploy.js';

firstDeploy({ language: 'en', colorScheme: 'dark', width: 1920 });
