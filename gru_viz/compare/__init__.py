"""Every next-item model on the same clicks: who is best, by how much, and how sure is that?"""
