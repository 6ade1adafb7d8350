import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sealed logins of private image registries. */
export class RegistryCredentials1763000000012 implements MigrationInterface {
  readonly name = 'RegistryCredentials1763000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table registry_credential (
        project text not null,
        environment text not null,
        name text not null,
        registry text not null,
        user_name text not null,
        version int not null,
        sealed jsonb not null,
        updated_by text not null,
        updated_at timestamptz not null,
        primary key (project, environment, name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table registry_credential');
  }
}
