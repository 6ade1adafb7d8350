import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a run ended in numbers, beside the English sentence. */
export class DetailEnds1763900000041 implements MigrationInterface {
  readonly name = 'DetailEnds1763900000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table container add column detail_end jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table container drop column detail_end');
  }
}
