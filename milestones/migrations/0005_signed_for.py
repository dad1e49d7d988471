"""A signature says for whom it was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0004_plan_keeps_its_playbook"),
    ]

    operations = [
        migrations.AlterField(
            model_name="planlock",
            name="name",
            field=models.CharField(help_text='as written: a substitute signs "A for B"', max_length=260),
        ),
        migrations.AlterField(
            model_name="signoff",
            name="name",
            field=models.CharField(help_text='as written: a substitute signs "A for B"', max_length=260),
        ),
    ]
