"""All that the small models of the course ever read: sentences made from templates.

So whatever a model says, you can look up here where it learned that. Change the sentences, run the chapter
again, and see what changes.

    reviews    happy and unhappy: for the classifier
    lines      English, and their French or Italian, word for word: for the translator
    stories    what animals do, and where: for the generator
    jobs       people and their work, fairly or unfairly told: for the masked models
"""
