"""The small models of this course, and everything that they ever read.

Each is a teaching instrument. It has the architecture of its famous relatives, shrunk until one processor core
trains it in seconds. Where there is a GPU, the models live there. Needs torch and transformers; plots need matplotlib.

    texts/         what the models read: sentences made from templates
    tokens         from sentences to numbers
    miniature      BERT and GPT-2, shrunk
    training       the loop that trains all of them

    classifier     reads a text, says what kind it is
    masked         reads a text, fills its gap
    translator     reads a sentence, says each word in another language
    generator      reads the beginning of a text, writes on

    plots          pictures and tables for slides

A chapter's cells, and its own modules, import from here: `from course.classifier import train_classifier`.
"""
