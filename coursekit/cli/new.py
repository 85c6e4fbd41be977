

def register(group):
    pass
