import helper

value = helper.value
