"""Working groups, the list of partners, the dates and papers of a plan."""

import datetime
import django.core.validators
import django.db.models.deletion
import home.models.blocks
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ('home', '0008_plan_records'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnersPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, default='', help_text='One or two sentences. They open the page and stand beside its title in lists and search results.', max_length=400, verbose_name='summary')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('picture', 6), ('quotation', 9), ('documents', 13)], blank=True, block_lookup={0: ('home.models.blocks.HeadingBlock', (), {'default': '', 'max_length': 255}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'link', 'document-link', 'ul', 'ol'], 'icon': 'pilcrow', 'label': 'Text', 'template': 'home/blocks/paragraph.html'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'default': '', 'help_text': "Read aloud to people who can't see the image. Say what matters about it here.", 'label': 'What the image shows', 'max_length': 255, 'required': False}), 4: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'help_text': "Tick this where a reader who can't see the image misses nothing.", 'label': 'Only decoration', 'required': False}), 5: ('wagtail.blocks.CharBlock', (), {'default': '', 'label': 'Caption', 'max_length': 255, 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('image', 2), ('alt', 3), ('decorative', 4), ('caption', 5)]], {}), 7: ('wagtail.blocks.TextBlock', (), {'default': '', 'label': 'Words'}), 8: ('wagtail.blocks.CharBlock', (), {'default': '', 'label': 'Who or what is quoted', 'max_length': 255, 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('text', 7), ('source', 8)]], {}), 10: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Document'}), 11: ('wagtail.blocks.CharBlock', (), {'default': '', 'help_text': "Leave empty to use the document's own title. Type and size are added by themselves.", 'label': 'Words of the link', 'max_length': 255, 'required': False}), 12: ('wagtail.blocks.StructBlock', [[('document', 10), ('title', 11)]], {}), 13: ('wagtail.blocks.ListBlock', (12,), {'icon': 'doc-full-inverse', 'label': 'Documents', 'template': 'home/blocks/documents.html'})}, help_text='Stands above the list.', verbose_name='body')),
            ],
            options={
                'verbose_name': 'list of partners',
                'verbose_name_plural': 'lists of partners',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='WorkingGroupPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('summary', models.TextField(blank=True, default='', help_text='One or two sentences. They open the page and stand beside its title in lists and search results.', max_length=400, verbose_name='summary')),
                ('purpose', wagtail.fields.RichTextField(blank=True, default='', help_text='What the group was asked to do.', verbose_name='purpose')),
                ('terms', wagtail.fields.RichTextField(blank=True, default='', help_text='Who can be in it, how it works and decides, and until when it sits.', verbose_name='terms of reference')),
                ('meetings', wagtail.fields.StreamField([('meeting', 10)], blank=True, block_lookup={0: ('wagtail.blocks.DateBlock', (), {'label': 'Date'}), 1: ('wagtail.blocks.CharBlock', (), {'default': '', 'help_text': 'Where it is, or that it is online.', 'label': 'Place', 'max_length': 255, 'required': False}), 2: ('wagtail.blocks.CharBlock', (), {'default': '', 'label': 'Title', 'max_length': 255}), 3: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('document', 'Document'), ('easy_read', 'Easy read'), ('sign_language', 'Sign language')], 'label': 'What it is'}), 4: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 5: ('wagtail.blocks.URLBlock', (), {'default': '', 'label': 'or address of a web page or video', 'required': False}), 6: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A web page can be read by everyone; a file comes second. Type and size are added by themselves.', 'label': 'File', 'required': False}), 7: ('wagtail.blocks.ChoiceBlock', [], {'choices': home.models.blocks.languages, 'help_text': 'Only where it differs from the language of this page.', 'label': 'Language', 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('title', 2), ('kind', 3), ('page', 4), ('address', 5), ('document', 6), ('language', 7)]], {}), 9: ('wagtail.blocks.ListBlock', (8,), {'default': [], 'help_text': 'Agenda, minutes, and what the group read.', 'label': 'Papers'}), 10: ('wagtail.blocks.StructBlock', [[('date', 0), ('place', 1), ('papers', 9)]], {})}, help_text='In any order: the page shows the latest first and marks the next one.', verbose_name='meetings')),
                ('baseline', wagtail.fields.RichTextField(blank=True, default='', help_text='The figures that the group agreed to start from, in words.', verbose_name='agreed baseline data')),
                ('baseline_papers', wagtail.fields.StreamField([('paper', 6)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'default': '', 'label': 'Title', 'max_length': 255}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('document', 'Document'), ('easy_read', 'Easy read'), ('sign_language', 'Sign language')], 'label': 'What it is'}), 2: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'default': '', 'label': 'or address of a web page or video', 'required': False}), 4: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A web page can be read by everyone; a file comes second. Type and size are added by themselves.', 'label': 'File', 'required': False}), 5: ('wagtail.blocks.ChoiceBlock', [], {'choices': home.models.blocks.languages, 'help_text': 'Only where it differs from the language of this page.', 'label': 'Language', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 0), ('kind', 1), ('page', 2), ('address', 3), ('document', 4), ('language', 5)]], {})}, verbose_name='documents of the baseline data')),
                ('report', wagtail.fields.RichTextField(blank=True, default='', help_text='What the group found, in short.', verbose_name='report')),
                ('report_papers', wagtail.fields.StreamField([('paper', 6)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'default': '', 'label': 'Title', 'max_length': 255}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('document', 'Document'), ('easy_read', 'Easy read'), ('sign_language', 'Sign language')], 'label': 'What it is'}), 2: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'default': '', 'label': 'or address of a web page or video', 'required': False}), 4: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A web page can be read by everyone; a file comes second. Type and size are added by themselves.', 'label': 'File', 'required': False}), 5: ('wagtail.blocks.ChoiceBlock', [], {'choices': home.models.blocks.languages, 'help_text': 'Only where it differs from the language of this page.', 'label': 'Language', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 0), ('kind', 1), ('page', 2), ('address', 3), ('document', 4), ('language', 5)]], {})}, verbose_name='the report to read')),
                ('priorities', wagtail.fields.StreamField([('priority', 0)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'default': '', 'icon': 'pick', 'label': 'Priority', 'max_length': 500})}, verbose_name='priorities that it suggests')),
                ('outcomes', wagtail.fields.StreamField([('outcome', 0)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'default': '', 'icon': 'tick', 'label': 'Outcome', 'max_length': 500})}, verbose_name='outcomes that it suggests')),
            ],
            options={
                'verbose_name': 'working group',
                'verbose_name_plural': 'working groups',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddField(
            model_name='planpage',
            name='papers',
            field=wagtail.fields.StreamField([('paper', 6)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'default': '', 'label': 'Title', 'max_length': 255}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('document', 'Document'), ('easy_read', 'Easy read'), ('sign_language', 'Sign language')], 'label': 'What it is'}), 2: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'default': '', 'label': 'or address of a web page or video', 'required': False}), 4: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'A web page can be read by everyone; a file comes second. Type and size are added by themselves.', 'label': 'File', 'required': False}), 5: ('wagtail.blocks.ChoiceBlock', [], {'choices': home.models.blocks.languages, 'help_text': 'Only where it differs from the language of this page.', 'label': 'Language', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 0), ('kind', 1), ('page', 2), ('address', 3), ('document', 4), ('language', 5)]], {})}, db_default=[], default=list, help_text='The plan to read, statements of progress, reviews: as web pages first, then as files.', verbose_name='documents'),
        ),
        migrations.AddField(
            model_name='planpage',
            name='published_on',
            field=models.DateField(blank=True, help_text='From this day it is counted when a statement of progress and a review are due.', null=True, validators=[django.core.validators.MaxValueValidator(datetime.date(2200, 12, 31))], verbose_name='published on'),
        ),
        migrations.AddField(
            model_name='planpage',
            name='reviewed_on',
            field=models.DateField(blank=True, help_text='The day when it was done. A review is due before every fourth anniversary of the plan.', null=True, validators=[django.core.validators.MaxValueValidator(datetime.date(2200, 12, 31))], verbose_name='last review'),
        ),
        migrations.AddField(
            model_name='planpage',
            name='statement_on',
            field=models.DateField(blank=True, help_text='The day when it was published. The next one is due two years after the day when this one was.', null=True, validators=[django.core.validators.MaxValueValidator(datetime.date(2200, 12, 31))], verbose_name='last statement of progress'),
        ),
        migrations.CreateModel(
            name='WorkingGroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='working_groups', to='home.partner', verbose_name='partner')),
                ('page', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='home.workinggrouppage')),
            ],
            options={
                'verbose_name': 'member of a working group',
                'verbose_name_plural': 'members of working groups',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
    ]
