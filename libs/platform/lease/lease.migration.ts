import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Migration } from '../postgres/index.js';

class CreateLease1700000000300 implements MigrationInterface {
  readonly name = 'CreateLease1700000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table lease (
        name text primary key,
        holder text not null,
        run uuid not null,
        fence bigint not null,
        expires_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table lease');
  }
}

/** Table `lease`. */
export const leaseMigrations: readonly Migration[] = [CreateLease1700000000300];
